// The contributions that wait for a decision: heard, approved and rejected, by mouse or keyboard.

import { keyedList, inOrder } from "../page/keyed-list.js";
import { card } from "./card.js";
import { MODERATE_ASSETS } from "./documents.js";
import { Hearing } from "./hearing.js";
import { verbOf } from "./keys.js";
import { Queue } from "./queue.js";
import { reasonPrompt } from "./reason.js";
import { nameOf } from "./words.js";

const AGES_EVERY_MS = 30_000;
const FEW = 20;
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
      failed: () => this.#say("This browser cannot play the file."),
    });
    this.#list = keyedList(by("cards"), ({ id }) => id, (asset) => this.#row(asset), inOrder);
    by("undo").addEventListener("click", () => this.#undo());
    document.addEventListener("keydown", (event) => this.#pressed(event));
    setInterval(() => this.#show(), AGES_EVERY_MS);
  }


  /** What waits, in place of what was known; not `isAll`: more is to come when this is done. */
  fill(assets, isAll) {
    this.#queue.fill(assets);
    this.#isAll = isAll;
    this.#show();
  }

  /** Takes one event of the subscription to what becomes of assets. */
  take(event) {
    this.#queue.take(event);
    this.#show();
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
    if (verb === "undo") this.#undo();
    else if (chosen) this.#act(verb, chosen, { isByKey: true });
  }

  #act(verb, asset, { isByKey = false } = {}) {
    this.#queue.choose(asset.id);
    this.#verbs[verb](asset);
    this.#show();
    if (isByKey) this.#focus();
  }

  #step(by) {
    this.#queue.step(by);
  }

  async #reject(asset) {
    const reason = await this.#ask(nameOf(asset));
    if (reason) await this.#decide(asset, { submitted: false, reason });
    this.#focus();
  }

  async #decide(asset, { submitted, reason = "" }) {
    this.#queue.remove(asset.id);
    this.#show();
    try {
      await this.api.perform(MODERATE_ASSETS, { ids: [asset.id], submitted, reason });
      this.#queue.remember(asset);
      this.#say(`${submitted ? "Approved" : "Rejected"}: ${nameOf(asset)}.`);
    } catch (error) {
      this.#queue.put(asset);
      this.#say(error.message);
    }
    this.#show();
    if (!this.#isAll && this.#queue.waiting.length < FEW) this.more();
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
      this.#queue.remember(asset);
      this.#say(error.message);
    }
    this.#show();
    this.#focus();
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
    by("all-done").hidden = waiting.length > 0;
    by("cards").hidden = waiting.length === 0;
    by("undo").disabled = !mayUndo;
    this.chosen(chosen);
  }

  /** The chosen card has the focus, so that it is read out and in sight. */
  #focus() {
    const row = this.#rows.get(this.#queue.chosen?.id);
    row?.element.focus({ preventScroll: true });
    row?.element.scrollIntoView({ block: "nearest", inline: "nearest" });
  }

  #say(words) {
    by("review-says").textContent = words;
  }
}
