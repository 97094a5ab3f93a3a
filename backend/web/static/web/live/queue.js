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
  // Decisions that are on their way, with what will wait again if they fail.
  #underway = new Map();
  #decided = [];
  #chosenId = null;
  // The chosen one that went by another's hand: none is chosen then, for a key meant for it would hit another.
  #lost = null;

  /** Takes the place of all that was known. */
  fill(assets) {
    const { chosen } = this;
    const waiting = assets.filter((asset) => isWaiting(asset) && !this.#underway.has(asset.id));
    this.#waiting = new Map(waiting.map((asset) => [asset.id, asset]));
    this.#settleChoice(chosen);
  }

  /** Takes one event of the subscription to what becomes of assets. */
  take(event) {
    if (event.__typename === "AssetRemoved") this.#remove(event.assetId);
    else if (event.asset) this.put(event.asset);
  }

  /** An asset as it is now. */
  put(asset) {
    if (!isWaiting(asset)) return this.#remove(asset.id);
    const known = this.#underway.has(asset.id) ? this.#underway : this.#waiting;
    known.set(asset.id, asset);
    this.#settleChoice(null);
  }

  #remove(id) {
    const { chosen } = this;
    this.#underway.delete(id);
    this.#waiting.delete(id);
    this.#settleChoice(chosen);
  }

  /** A decision about it is on its way: the next one is chosen; at the end, the one before. */
  decide({ id }) {
    const { chosen } = this;
    this.#underway.set(id, this.#waiting.get(id));
    this.#waiting.delete(id);
    this.#settleChoice(chosen);
    if (chosen?.id === id) this.step(1);
  }

  /** The decision is made, and can be undone. */
  settle(asset) {
    this.#underway.delete(asset.id);
    this.remember(asset);
  }

  /** The decision has failed: it waits again, unless it has gone meanwhile. */
  restore({ id }) {
    const asset = this.#underway.get(id);
    this.#underway.delete(id);
    if (asset) this.put(asset);
  }

  isWaiting({ id }) {
    return this.#waiting.has(id);
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
    if (this.#waiting.has(id)) this.#choose(id);
  }

  /** The next one (1), or the one before (-1); the ends hold. */
  step(by) {
    const { waiting } = this;
    // The next one stands where the lost one stood.
    const at = this.#lost ? this.#placeOf(this.#lost) - (by > 0 ? 1 : 0) : waiting.findIndex(({ id }) => id === this.#chosenId);
    this.#choose(waiting[Math.min(Math.max(at + by, 0), waiting.length - 1)]?.id ?? null);
  }

  #placeOf({ createdAt }) {
    return this.waiting.filter((asset) => Date.parse(asset.createdAt) < Date.parse(createdAt)).length;
  }

  #choose(id) {
    this.#chosenId = id;
    this.#lost = null;
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

  // `chosen` was it before something changed.
  #settleChoice(chosen) {
    if (this.#waiting.has(this.#chosenId)) return;
    this.#chosenId = null;
    this.#lost = this.#waiting.size ? (chosen ?? this.#lost) : null;
    if (!this.#lost) this.#choose(this.waiting[0]?.id ?? null);
  }
}
