// The listeners as a list, and what the chosen one of them hears.

import { clock } from "../page/clock.js";
import { drawn, inOrder, keyedList } from "../page/keyed-list.js";
import { zoneRow } from "../page/zone-row.js";
import { audible, nameOfListener } from "./presence.js";
import { nameOf } from "./words.js";

const MOST_ROWS = 60;
const by = (id) => document.getElementById(id);

/** The page's part about listeners; `choose(streamId)` when a person picks one, `named(speakerId)` as of the zones. */
export class Crowd {
  constructor({ choose, named }) {
    this.named = named;
    this.rows = keyedList(by("listeners"), ({ streamId }) => streamId, (one) => listenerRow(one, choose), inOrder);
    this.zones = keyedList(by("chosen-zones"), ({ speakerId }) => speakerId, zoneRow, inOrder);
    this.plays = keyedList(by("chosen-clips"), ({ playId }) => playId, playRow, inOrder);
  }

  /** All listeners, and the chosen one or null. */
  show(listeners, chosen) {
    const listed = listeners.slice(0, MOST_ROWS);
    this.rows(listed.map((one) => ({ ...one, isChosen: one === chosen })));
    by("nobody").hidden = listeners.length > 0;
    by("crowd-rest").hidden = listeners.length <= MOST_ROWS;
    by("crowd-rest").textContent = `And ${listeners.length - MOST_ROWS} more on the map.`;
    this.tell(chosen);
  }

  /** What the chosen one hears now. */
  tell(chosen) {
    by("chosen").hidden = !chosen;
    if (!chosen) return;
    const speakers = audible(chosen);
    by("chosen-title").textContent = `${nameOfListener(chosen.streamId)} hears`;
    by("chosen-state").textContent = stateOf(chosen);
    this.zones(speakers.map((speaker) => ({ ...speaker, ...this.named(speaker.speakerId) })));
    this.plays(chosen.playing);
    by("chosen-silence").hidden = speakers.length + chosen.playing.length > 0 || Boolean(stateOf(chosen));
  }
}

function stateOf({ isPaused, isOutOfRange }) {
  if (isPaused) return "Paused.";
  return isOutOfRange ? "Too far away to hear this place." : "";
}

function listenerRow({ streamId }, choose) {
  const element = drawn("listener-row");
  const button = element.querySelector("button");
  button.addEventListener("click", () => choose(streamId));
  element.querySelector(".listener-name").textContent = nameOfListener(streamId);
  const update = (listener) => {
    button.setAttribute("aria-pressed", listener.isChosen);
    button.classList.toggle("listener-quiet", listener.isPaused || listener.isOutOfRange);
    element.querySelector(".listener-hears").textContent = summary(listener);
  };
  return { element, update };
}

function summary({ isPaused, isOutOfRange, playing }) {
  if (isPaused) return "paused";
  if (isOutOfRange) return "out of range";
  return playing.length ? nameOf(playing[0].asset) : "";
}

function playRow({ asset }) {
  const element = drawn("play-row");
  element.querySelector(".row-title").textContent = asset?.description || nameOf(asset);
  const update = ({ startedAt }) => {
    element.querySelector(".row-figure").textContent = clock(Math.max(0, (Date.now() - Date.parse(startedAt)) / 1000));
  };
  return { element, update };
}
