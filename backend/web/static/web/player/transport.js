// The state of the page, and the controls and the sentence that show it.

import { sentence } from "./sentences.js";

const by = (id) => document.getElementById(id);

/** phase: loading, idle, opening, open, failed, stopped, or why the stream was closed; the rest is as in `sentence`. */
export const state = { phase: "loading", sound: "silent", link: "off", outOfRange: null, problem: null };

export function set(change) {
  Object.assign(state, change);
  const words = sentence(state);
  // The sentence is read out when it is set, so it is set only when it is another.
  if (by("status").textContent !== words) by("status").textContent = words;
  const isOn = state.phase === "open" || state.phase === "opening";
  by("play").setAttribute("aria-label", isOn ? "Stop" : "Play");
  by("play").disabled = state.phase === "loading";
  by("skip").disabled = state.phase !== "open";
  document.body.dataset.phase = state.phase;
  document.body.dataset.sound = state.sound;
}
