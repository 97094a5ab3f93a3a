// The contributions that wait for a decision, and which of them is chosen. No page here.

const MOST_DECISIONS = 50;

/**
 * Whether nobody has decided about it: not public, and not rejected. A rejection has a reason; a decision that was
 * undone has none.
 */
export const isWaiting = ({ submitted, moderatedAt, moderationReason }) =>
  !submitted && !(moderatedAt && moderationReason);

export class Queue {
  #waiting = new Map();
  #decided = [];
  #chosenId = null;

  /** Takes the place of all that was known. */
  fill(assets) {
    this.#waiting = new Map(assets.filter(isWaiting).map((asset) => [asset.id, asset]));
    this.#keepChosen([]);
  }

  /** Takes one event of the subscription to what becomes of assets. */
  take(event) {
    if (event.__typename === "AssetRemoved") this.remove(event.assetId);
    else if (event.asset) this.put(event.asset);
  }

  /** An asset as it is now. */
  put(asset) {
    if (!isWaiting(asset)) return this.remove(asset.id);
    this.#waiting.set(asset.id, asset);
    this.#keepChosen([]);
  }

  remove(id) {
    const before = this.waiting;
    if (this.#waiting.delete(id)) this.#keepChosen(before);
  }

  /** The oldest first. */
  get waiting() {
    const all = [...this.#waiting.values()];
    return all.sort((a, b) => Date.parse(a.createdAt) - Date.parse(b.createdAt));
  }

  get chosen() {
    return this.#waiting.get(this.#chosenId) ?? null;
  }

  choose(id) {
    if (this.#waiting.has(id)) this.#chosenId = id;
  }

  /** The next one (1), or the one before (-1); the ends hold. */
  step(by) {
    const { waiting } = this;
    const index = waiting.findIndex(({ id }) => id === this.#chosenId) + by;
    this.#chosenId = waiting[Math.min(Math.max(index, 0), waiting.length - 1)]?.id ?? null;
  }

  /** Remembers a decision, so that it can be undone. */
  remember(asset) {
    this.#decided.push(asset);
    if (this.#decided.length > MOST_DECISIONS) this.#decided.shift();
  }

  /** The asset that was decided about last, forgotten here; null if there is none. */
  recall() {
    return this.#decided.pop() ?? null;
  }

  get mayUndo() {
    return this.#decided.length > 0;
  }

  // When the chosen one goes, the next one is chosen; at the end, the one before.
  #keepChosen(before) {
    if (this.#waiting.has(this.#chosenId)) return;
    const index = before.findIndex(({ id }) => id === this.#chosenId);
    const { waiting } = this;
    this.#chosenId = waiting[Math.min(Math.max(index, 0), waiting.length - 1)]?.id ?? null;
  }
}
