// Which key does what for whoever reviews contributions.

const VERBS = { j: "next", k: "previous", a: "approve", r: "reject", u: "undo", " ": "play" };
const ARROWS = { ArrowRight: "next", ArrowDown: "next", ArrowLeft: "previous", ArrowUp: "previous" };

const WRITING = "input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable], dialog";
const PRESSABLE = "button, a, input, label";

/** The verb of a keydown; null where the key is somebody else's. */
export function verbOf({ key, target, ctrlKey, altKey, metaKey, repeat }) {
  if (ctrlKey || altKey || metaKey || target.closest(WRITING)) return null;
  // Elsewhere arrows move the map and the page, and Space presses what has the focus.
  if (ARROWS[key]) return target.closest(".cards") && ARROWS[key];
  if (key === " " && target.closest(PRESSABLE)) return null;
  const verb = VERBS[key.toLowerCase()] ?? null;
  // A key that is held would decide about everything.
  return repeat && verb !== "next" && verb !== "previous" ? null : verb;
}
