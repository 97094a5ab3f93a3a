// The events of a project, the newest first, as many as a person may want to look back on. No page here.

import { sentence } from "./words.js";

export const KINDS = {
  contributions: { label: "Contributions", types: ["AssetAdded", "AssetChanged", "AssetRemoved"] },
  streams: {
    label: "Listeners",
    types: ["StreamOpened", "StreamClosed", "StreamPaused", "StreamResumed", "RangeLeft", "RangeEntered"],
  },
  plays: { label: "What plays", types: ["AssetStarted", "AssetEnded"] },
  edits: { label: "Edits", types: ["SoundscapeChanged"] },
};
// Always shown.
const GAPS = "gaps";
const MARKED = ["AssetAdded", "StreamOpened"];
// A recording's change is one of its project, too: told again right after it, it would say nothing new.
const ECHO_MS = 1000;

const kindOf = (type) => Object.keys(KINDS).find((kind) => KINDS[kind].types.includes(type)) ?? "edits";

export class News {
  #kept = Object.fromEntries([...Object.keys(KINDS), GAPS].map((kind) => [kind, []]));
  #off = new Set();
  #count = 0;
  // When a recording changed last, until the change of its project has come.
  #echoOf = NaN;

  /** So many of each kind are kept, and so many are shown in all. */
  constructor(most) {
    this.most = most;
  }

  take(event) {
    const { __typename: type, happenedAt } = event;
    if (this.#isEcho(type, Date.parse(happenedAt))) return;
    this.#add(kindOf(type), { at: happenedAt, words: sentence(event), isMarked: MARKED.includes(type) });
  }

  /** Says that events are missing here: `missed` of them, null when nobody can tell. */
  gap(missed, at) {
    const many = missed === null ? "Some events" : `${missed} event${missed === 1 ? "" : "s"}`;
    this.#add(GAPS, { at, words: `${many} before this could not be fetched.`, isMarked: false });
  }

  turn(kind, isOn) {
    if (isOn) this.#off.delete(kind);
    else this.#off.add(kind);
  }

  /** The newest first: {key, kind, at, words, isMarked}. */
  get shown() {
    const on = Object.entries(this.#kept).filter(([kind]) => !this.#off.has(kind));
    const all = on.flatMap(([, entries]) => entries).sort((a, b) => b.key - a.key);
    return all.slice(0, this.most);
  }

  #isEcho(type, atMs) {
    const isEcho = type === "SoundscapeChanged" && Math.abs(atMs - this.#echoOf) < ECHO_MS;
    if (isEcho || KINDS.contributions.types.includes(type)) this.#echoOf = isEcho ? NaN : atMs;
    return isEcho;
  }

  #add(kind, entry) {
    const kept = this.#kept[kind];
    kept.push({ key: this.#count++, kind, ...entry });
    if (kept.length > this.most) kept.shift();
  }
}
