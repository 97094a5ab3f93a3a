// The contributions that wait for a decision: heard, approved and rejected, by mouse or keyboard.

import { keyedList, inOrder } from "../page/keyed-list.js";
import { card } from "./card.js";
import { ASSET_FILE, MODERATE_ASSETS } from "./documents.js";
import { Hearing } from "./hearing.js";
import { verbOf } from "./keys.js";
import { Queue } from "./queue.js";
import { reasonPrompt } from "./reason.js";
import { nameOf } from "./words.js";

const AGES_EVERY_MS = 30_000;
const FEW = 20;
// They need none that is chosen.
const KEYS_ALONE = ["next", "previous", "undo"];
const by = (id) => document.getElementById(id);

export class Review {
  #queue = new Queue();
  #isAll = true;
  #hearing;
  #list;
  #rows = new Map();
  #ask = reasonPrompt();
  #verbs = {
    next: () => this.#step(1),
    previous: () => this.#step(-1),
    play: (asset) => this.#hearing.toggle(asset),
    approve: (asset) => this.#decide(asset, { submitted: true }),
    reject: (asset) => this.#reject(asset),
    undo: () => this.#undo(),
    choose: () => {},
  };

  /** `chosen(asset)` hears which contribution is looked at, or null; `more()` is asked for what else waits. */
  constructor(api, { chosen, more }) {
    Object.assign(this, { api, chosen, more });
    this.#hearing = new Hearing(by("hearing"), {
      changed: (id, isPlaying, share) => this.#rows.get(id)?.play(isPlaying, share),
      addressOf: (id) => this.#addressOf(id),
      failed: (sentence) => this.#say(sentence),
    });
    this.#list = keyedList(by("cards"), ({ id }) => id, (asset) => this.#row(asset), inOrder);
    by("undo").addEventListener("click", () => this.#undo());
    document.addEventListener("keydown", (event) => this.#pressed(event));
    setInterval(() => this.#show(), AGES_EVERY_MS);
  }

  /** What waits, in place of what was known; not `isAll`: more is to come when this is done. */
  fill(assets, isAll) {
    this.#isAll = isAll;
    this.#changed(() => this.#queue.fill(assets));
  }

  /** Takes one event of the subscription to what becomes of assets. */
  take(event) {
    this.#changed(() => this.#queue.take(event));
  }

  // Whoever changed it: what somebody looks at may go with it.
  #changed(change) {
    const { chosen } = this.#queue;
    const hadFocus = by("cards").contains(document.activeElement);
    change();
    if (chosen && !this.#queue.isWaiting(chosen)) this.#sayDecided(chosen);
    this.#show();
    if (hadFocus && document.activeElement === document.body) by("cards").focus({ preventScroll: true });
  }

  #row(asset) {
    const row = card(asset, (verb, shown) => this.#act(verb, shown));
    this.#rows.set(asset.id, row);
    return { ...row, release: () => this.#gone(asset.id, row) };
  }

  #gone(id, row) {
    row.release();
    this.#rows.delete(id);
    if (this.#hearing.playingId === id) this.#hearing.halt();
  }

  #pressed(event) {
    const verb = by("keys").checked && verbOf(event);
    if (!verb) return;
    event.preventDefault();
    const { chosen } = this.#queue;
    if (KEYS_ALONE.includes(verb)) this.#verbs[verb]();
    else if (chosen) this.#act(verb, chosen);
    this.#focus();
  }

  #act(verb, asset) {
    this.#queue.choose(asset.id);
    this.#verbs[verb](asset);
    this.#show();
  }

  #step(by) {
    this.#queue.step(by);
    this.#show();
  }

  async #reject(asset) {
    const reason = await this.#ask(nameOf(asset));
    if (reason) await this.#decide(asset, { submitted: false, reason });
    this.#focus();
  }

  async #decide(asset, { submitted, reason = "" }) {
    if (!this.#queue.isWaiting(asset)) return this.#sayDecided(asset);
    this.#queue.decide(asset);
    this.#show();
    try {
      await this.api.perform(MODERATE_ASSETS, { ids: [asset.id], submitted, reason });
      this.#queue.settle(asset);
      this.#say(`${submitted ? "Approved" : "Rejected"}: ${nameOf(asset)}.`);
    } catch (error) {
      this.#queue.restore(asset);
      this.#say(error.message);
    }
    this.#show();
  }

  async #undo() {
    const asset = this.#queue.recall();
    if (!asset) return;
    try {
      await this.api.perform(MODERATE_ASSETS, { ids: [asset.id], submitted: false, reason: "" });
      this.#queue.put(asset);
      this.#queue.choose(asset.id);
      this.#say(`Undone: ${nameOf(asset)} waits again.`);
    } catch (error) {
      const isGone = error.code === "NOT_FOUND";
      if (!isGone) this.#queue.remember(asset);
      this.#say(isGone ? `${nameOf(asset)} is gone.` : error.message);
    }
    this.#show();
    this.#focus();
  }

  async #addressOf(id) {
    const { asset } = await this.api.ask(ASSET_FILE, { id });
    return asset?.file?.url ?? null;
  }

  #show() {
    const { waiting, chosen, mayUndo } = this.#queue;
    this.#list(waiting);
    for (const [id, { element }] of this.#rows) {
      const isChosen = id === chosen?.id;
      element.tabIndex = isChosen ? 0 : -1;
      if (isChosen) element.setAttribute("aria-current", "true");
      else element.removeAttribute("aria-current");
    }
    by("waiting").textContent = waiting.length ? `${waiting.length}${this.#isAll ? "" : " +"}` : "";
    by("all-done").hidden = waiting.length > 0 || !this.#isAll;
    by("cards").hidden = waiting.length === 0;
    by("undo").disabled = !mayUndo;
    this.chosen(chosen);
    if (!this.#isAll && waiting.length < FEW) this.more();
  }

  /** The chosen card has the focus, so that it is read out and in sight. */
  #focus() {
    const row = this.#rows.get(this.#queue.chosen?.id);
    row?.element.focus({ preventScroll: true });
    row?.element.scrollIntoView({ block: "nearest", inline: "nearest" });
  }

  #sayDecided(asset) {
    this.#say(`Decided elsewhere: ${nameOf(asset)}.`);
  }

  #say(words) {
    by("review-says").textContent = words;
  }
}
