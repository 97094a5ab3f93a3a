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

test("what is decided here goes, and the next one is chosen; at the end the one before; then none", () => {
  const queue = filled(1, 2, 3);
  queue.choose(2);
  queue.decide(asset(2));
  assert.deepEqual([ids(queue), queue.chosen.id], [[1, 3], 3]);
  queue.decide(asset(3));
  assert.equal(queue.chosen.id, 1);
  queue.decide(asset(1));
  assert.deepEqual([ids(queue), queue.chosen], [[], null]);
});

test("when the chosen one is decided elsewhere none is, and a step leads to its neighbours", () => {
  for (const [by, next] of [[1, 3], [-1, 1]]) {
    const queue = filled(1, 2, 3);
    queue.choose(2);
    queue.take({ __typename: "AssetChanged", asset: asset(2, { submitted: true }) });
    queue.take({ __typename: "AssetAdded", asset: asset(4) });
    assert.deepEqual([ids(queue), queue.chosen], [[1, 3, 4], null]);
    queue.step(by);
    assert.equal(queue.chosen.id, next);
  }
});

test("so it is when it was decided while nobody could tell; what comes after the last one is chosen again", () => {
  const queue = filled(1, 2);
  queue.fill([asset(2)]);
  assert.equal(queue.chosen, null);
  queue.take({ __typename: "AssetRemoved", assetId: 2 });
  queue.put(asset(3));
  assert.equal(queue.chosen.id, 3);
});

test("what others decide about leaves the choice alone", () => {
  const queue = filled(1, 2, 3);
  queue.choose(2);
  queue.take({ __typename: "AssetRemoved", assetId: 1 });
  assert.deepEqual([ids(queue), queue.chosen.id], [[2, 3], 2]);
});

test("a decision that fails brings back how it is by then, or nothing where it has gone", () => {
  const queue = filled(1, 2, 3);
  [1, 2, 3].forEach((id) => queue.decide(asset(id)));
  queue.put(asset(1, { description: "Edited" }));
  queue.take({ __typename: "AssetRemoved", assetId: 2 });
  queue.take({ __typename: "AssetChanged", asset: asset(3, { submitted: true }) });
  queue.fill([asset(1, { description: "Edited" })]);
  assert.deepEqual(ids(queue), []);
  [1, 2, 3].forEach((id) => queue.restore(asset(id)));
  assert.deepEqual(queue.waiting, [asset(1, { description: "Edited" })]);
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
