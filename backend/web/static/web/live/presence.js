// Who listens now, where, and to what. No page here: values in, values out.

// Below this a speaker is out of hearing (−60 dB).
const AUDIBLE_GAIN = 0.001;

// Of an id, as many letters as tell a crowd apart.
const LETTERS = 5;

/** What people call a listener: the beginning of the stream's key. */
export function nameOfListener(streamId) {
  return `Listener ${keyOf(streamId).slice(0, LETTERS)}`;
}

function keyOf(globalId) {
  try {
    return atob(globalId).split(":")[1] ?? globalId;
  } catch {
    return globalId;
  }
}

export class Presence {
  #listeners = new Map();

  /** Takes one update of the subscription; a snapshot takes the place of all that was known. */
  take(update) {
    switch (update.__typename) {
      case "ListenersSnapshot":
        this.#listeners.clear();
        update.listeners.forEach((one) => this.#listeners.set(one.streamId, one));
        break;
      case "ListenersMoved":
        update.listeners.forEach((one) => this.#listeners.set(one.streamId, one));
        break;
      case "ListenerJoined":
        this.#listeners.set(update.listener.streamId, update.listener);
        break;
      case "ListenerLeft":
        this.#listeners.delete(update.streamId);
    }
  }

  get(streamId) {
    return this.#listeners.get(streamId) ?? null;
  }

  /** All open streams, in the order in which they came. */
  get listeners() {
    return [...this.#listeners.values()];
  }

  get openStreams() {
    return this.#listeners.size;
  }

  /** How many of them hear the place now: neither paused nor far away. */
  get hearing() {
    return this.listeners.filter(hears).length;
  }
}

const hears = ({ isPaused, isOutOfRange }) => !isPaused && !isOutOfRange;

/** The audible speakers of a listener, the loudest first. */
export const audible = ({ gains }) => gains.filter(({ gain }) => gain > AUDIBLE_GAIN).sort((a, b) => b.gain - a.gain);
