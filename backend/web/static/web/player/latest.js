// Sends values no faster than a server wants them: one at a time, at a distance, the latest wins.

/**
 * A function that takes values and passes on the latest: never two `send`s at once, starts at least
 * `intervalMs` apart. A failed send is given to `failed` and the next value is tried as usual.
 */
export function latestWins(send, { intervalMs, failed, now = Date.now, later = setTimeout }) {
  const NOTHING = Symbol("nothing");
  let waiting = NOTHING;
  let busy = false;

  async function drain() {
    const value = waiting;
    waiting = NOTHING;
    if (value === NOTHING) {
      busy = false;
      return;
    }
    const started = now();
    await Promise.resolve(send(value)).catch(failed);
    later(drain, Math.max(0, intervalMs - (now() - started)));
  }

  return function offer(value) {
    waiting = value;
    if (!busy) {
      busy = true;
      drain();
    }
  };
}
