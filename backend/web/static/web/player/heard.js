// What is heard now, from the stream's events. No page here: values in, values out.

// Below this a speaker is out of hearing (−60 dB).
const AUDIBLE_GAIN = 0.001;

export class Heard {
  #gains = new Map();
  #plays = new Map();
  // The smallest gap between the server's clock and ours, delays included.
  #clockGapMs = Infinity;

  constructor(now = Date.now) {
    this.now = now;
  }

  /** Takes one event of the subscription; true when it changed what is heard. */
  take(event) {
    switch (event.__typename) {
      case "GainsChanged":
        this.#gains = new Map(event.gains.map(({ speakerId, gain }) => [speakerId, gain]));
        return true;
      case "AssetStarted":
        this.#plays.set(event.playId, { ...event, endsAtMs: this.#endOf(event) });
        return true;
      case "AssetEnded":
        return this.#plays.delete(event.playId);
      default:
        return false;
    }
  }

  clear() {
    this.#gains.clear();
    this.#plays.clear();
  }

  gain(speakerId) {
    return this.#gains.get(speakerId) ?? 0;
  }

  /** Audible speakers, the loudest first: {speakerId, gain}. */
  get speakers() {
    const gains = [...this.#gains].map(([speakerId, gain]) => ({ speakerId, gain }));
    return gains.filter(({ gain }) => gain > AUDIBLE_GAIN).sort((a, b) => b.gain - a.gain);
  }

  /** Assets that play, in the order they began: {playId, assetId, asset, plannedSeconds, secondsLeft}. */
  get plays() {
    const left = ({ endsAtMs }) => Math.max(0, (endsAtMs - this.now()) / 1000);
    return [...this.#plays.values()].map((play) => ({ ...play, secondsLeft: left(play) }));
  }

  #endOf({ startedAt, plannedSeconds }) {
    const startedMs = Date.parse(startedAt);
    this.#clockGapMs = Math.min(this.#clockGapMs, this.now() - startedMs);
    return startedMs + this.#clockGapMs + plannedSeconds * 1000;
  }
}
