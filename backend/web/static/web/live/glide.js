// Things that glide from place to place on the map instead of jumping. No page here, and the clock is given.

export class Glide {
  #ways = new Map();

  /** A thing reaches the place it is sent to after `ms`. */
  constructor(ms) {
    this.ms = ms;
  }

  /** Sends a thing from where it is at `now` to `place`, {lat, lng, heading} with a heading in degrees or null. */
  send(key, place, now) {
    const from = this.#ways.has(key) ? this.at(key, now) : place;
    this.#ways.set(key, { from, to: place, since: now });
  }

  forget(key) {
    this.#ways.delete(key);
  }

  /** Where a thing is. */
  at(key, now) {
    const { from, to, since } = this.#ways.get(key);
    const share = this.ms ? Math.min(1, (now - since) / this.ms) : 1;
    if (share === 1) return to;
    const between = (a, b) => a + (b - a) * eased(share);
    const lat = between(from.lat, to.lat);
    return { lat, lng: between(from.lng, to.lng), heading: turned(from.heading, to.heading, eased(share)) };
  }

  isMoving(key, now) {
    const { since } = this.#ways.get(key);
    return now - since < this.ms;
  }
}

// Slow at both ends.
const eased = (share) => share * share * (3 - 2 * share);

// The shorter way round.
function turned(from, to, share) {
  if (from === null || to === null) return to;
  const turn = ((((to - from + 180) % 360) + 360) % 360) - 180;
  return (from + turn * share + 360) % 360;
}
