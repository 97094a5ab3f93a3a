import assert from "node:assert/strict";
import { test } from "node:test";

import { positionSentence, sentence } from "../../../../../../backend/web/static/web/player/sentences.js";
import { groupsFor } from "../../../../../../backend/web/static/web/player/tags.js";

const OPEN = { phase: "open", sound: "playing", link: "live", outOfRange: null, problem: null };

test("a problem is said before anything else", () => {
  assert.equal(sentence({ ...OPEN, problem: "The engine sleeps." }), "The engine sleeps.");
});

test("being out of range is said in the project's words", () => {
  assert.equal(sentence({ ...OPEN, outOfRange: "Come nearer." }), "Come nearer.");
});

test("an interruption says when it is tried again", () => {
  const waiting = { ...OPEN, sound: "waiting" };
  assert.match(sentence({ ...waiting, retryInMs: 700 }), /Trying again in 1 second\.$/);
  assert.match(sentence({ ...waiting, retryInMs: 3100 }), /Trying again in 4 seconds\.$/);
  assert.equal(sentence(waiting), "Waiting for more sound…");
});

test("sound without events says so", () => {
  assert.match(sentence({ ...OPEN, link: "lost" }), /Live updates are interrupted/);
});

test("each end of a stream has a sentence", () => {
  assert.match(sentence({ ...OPEN, phase: "IDLE" }), /nobody listened/);
  assert.match(sentence({ ...OPEN, phase: "CLOSED" }), /was closed/);
  assert.match(sentence({ ...OPEN, phase: "stopped" }), /^Stopped/);
});

test("a position that is not given has a reason and a way out", () => {
  assert.match(positionSentence(null), /https/);
  for (const error of [null, { code: 1 }, { code: 2 }]) assert.match(positionSentence(error), /Drag the headphones/);
});

test("only active groups of a mode with active items are offered", () => {
  const items = (...active) => ({ edges: active.map((isActive, id) => ({ node: { id, isActive } })) });
  const groups = [
    { id: "a", uiMode: "LISTEN", isActive: true, items: items(true, false) },
    { id: "b", uiMode: "SPEAK", isActive: true, items: items(true) },
    { id: "c", uiMode: "LISTEN", isActive: false, items: items(true) },
    { id: "d", uiMode: "LISTEN", isActive: true, items: items(false) },
  ];
  assert.deepEqual(groupsFor("LISTEN", groups).map(({ id, items }) => [id, items.length]), [["a", 1]]);
  assert.deepEqual(groupsFor("SPEAK", groups).map(({ id, items }) => [id, items.length]), [["b", 1]]);
});
