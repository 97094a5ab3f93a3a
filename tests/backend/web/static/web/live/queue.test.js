import assert from "node:assert/strict";
import { test } from "node:test";

import { isWaiting, Queue } from "../../../../../../backend/web/static/web/live/queue.js";

const asset = (id, more = {}) => ({
  id, submitted: false, moderatedAt: null, moderationReason: null, createdAt: `2026-11-02T12:00:0${id}Z`, ...more,
});
const ids = ({ waiting }) => waiting.map(({ id }) => id);

function filled(...numbers) {
  const queue = new Queue();
  queue.fill(numbers.map((number) => asset(number)));
  return queue;
}

test("what is public, and what was rejected for a reason, does not wait; an undone decision does", () => {
  const moderatedAt = "2026-11-02T12:00:00Z";
  assert.equal(isWaiting(asset(1)), true);
  assert.equal(isWaiting(asset(1, { submitted: true })), false);
  assert.equal(isWaiting(asset(1, { moderatedAt, moderationReason: "Noise" })), false);
  assert.equal(isWaiting(asset(1, { moderatedAt, moderationReason: "" })), true);
});

test("the oldest is first, and chosen", () => {
  const queue = filled(3, 1, 2);
  assert.deepEqual(ids(queue), [1, 2, 3]);
  assert.equal(queue.chosen.id, 1);
});

test("steps go from one to the next and hold at the ends", () => {
  const queue = filled(1, 2);
  queue.step(-1);
  assert.equal(queue.chosen.id, 1);
  queue.step(1);
  queue.step(1);
  assert.equal(queue.chosen.id, 2);
});

test("whoever decides, it goes, and the next one is chosen; at the end the one before; then none", () => {
  const queue = filled(1, 2, 3);
  queue.choose(2);
  queue.take({ __typename: "AssetChanged", asset: asset(2, { submitted: true }) });
  assert.deepEqual([ids(queue), queue.chosen.id], [[1, 3], 3]);
  queue.take({ __typename: "AssetRemoved", assetId: 3 });
  assert.equal(queue.chosen.id, 1);
  queue.remove(1);
  assert.equal(queue.chosen, null);
});

test("a new one joins at its place, and the choice stays", () => {
  const queue = filled(2);
  queue.take({ __typename: "AssetAdded", asset: asset(1) });
  queue.take({ __typename: "AssetAdded", asset: null });
  assert.deepEqual([ids(queue), queue.chosen.id], [[1, 2], 2]);
});

test("the last decision is undone first, and none can be undone twice", () => {
  const queue = filled();
  queue.remember(asset(1));
  queue.remember(asset(2));
  assert.deepEqual([queue.recall().id, queue.recall().id, queue.recall(), queue.mayUndo], [2, 1, null, false]);
});
