import assert from "node:assert/strict";
import { test } from "node:test";

import { verbOf } from "../../../../../../backend/web/static/web/live/keys.js";

/** A keydown on an element within those that match one of the selectors' parts. */
function pressed(key, { within = [], ...more } = {}) {
  const closest = (selector) => (selector.split(/,\s*/).some((part) => within.includes(part)) ? {} : null);
  return verbOf({ key, target: { closest }, ...more });
}

test("letters and Space are verbs, large or small", () => {
  assert.deepEqual(["j", "K", "a", "r", "u", " "].map((key) => pressed(key)), [
    "next", "previous", "approve", "reject", "undo", "play",
  ]);
  assert.equal(pressed("x"), null);
});

test("arrows choose among the cards, and elsewhere do what they always do", () => {
  assert.equal(pressed("ArrowRight", { within: [".cards"] }), "next");
  assert.equal(pressed("ArrowUp", { within: [".cards"] }), "previous");
  assert.equal(pressed("ArrowRight"), null);
});

test("whoever writes, or is asked for a reason, presses letters", () => {
  assert.equal(pressed("a", { within: ["textarea"] }), null);
  assert.equal(pressed("a", { within: ["dialog"] }), null);
});

test("Space presses the button that has the focus", () => {
  assert.equal(pressed(" ", { within: ["button"] }), null);
  assert.equal(pressed("a", { within: ["button"] }), "approve");
});

test("with Control or another such key they belong to the browser", () => {
  for (const held of ["ctrlKey", "altKey", "metaKey"]) assert.equal(pressed("r", { [held]: true }), null);
});

test("a key that is held goes on choosing, and decides once", () => {
  assert.equal(pressed("j", { repeat: true }), "next");
  assert.equal(pressed("a", { repeat: true }), null);
});
