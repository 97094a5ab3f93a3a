// Who listens now, where, and to what. No page here: values in, values out.

// Below this a speaker is out of hearing (−60 dB).
const AUDIBLE_GAIN = 0.001;

/** The number that people see of a stream's global id; the id itself where it is none. */
export function numberOf(streamId) {
  try {
    return atob(streamId).split(":")[1] ?? streamId;
  } catch {
    return streamId;
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

  /** All open streams, the oldest first. */
  get listeners() {
    return [...this.#listeners.values()].sort((a, b) => numberOf(a.streamId) - numberOf(b.streamId));
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
