import assert from "node:assert/strict";
import { test } from "node:test";

import { latestWins } from "../../../../../../backend/web/static/web/player/latest.js";

/** A clock that is held, and a `send` whose answers are given by hand. */
function held() {
  const clock = { now: 0, due: [] };
  const sent = [];
  const offer = latestWins(
    (value) => new Promise((resolve, reject) => sent.push({ value, at: clock.now, resolve, reject })),
    {
      intervalMs: 250,
      failed: (error) => sent.push({ error }),
      now: () => clock.now,
      later: (run, ms) => clock.due.push({ run, at: clock.now + ms }),
    },
  );
  async function pass(ms) {
    await new Promise(setImmediate);
    clock.now += ms;
    const ready = clock.due.filter(({ at }) => at <= clock.now);
    clock.due = clock.due.filter(({ at }) => at > clock.now);
    ready.forEach(({ run }) => run());
    await new Promise(setImmediate);
  }
  return { offer, sent, pass };
}

test("the first value goes at once", () => {
  const { offer, sent } = held();
  offer("a");
  assert.deepEqual(sent.map(({ value, at }) => [value, at]), [["a", 0]]);
});

test("of the values offered meanwhile only the latest goes, a quarter of a second after the first", async () => {
  const { offer, sent, pass } = held();
  offer("a");
  offer("b");
  offer("c");
  sent[0].resolve();
  await pass(249);
  assert.equal(sent.length, 1);
  await pass(1);
  assert.deepEqual(sent.map(({ value, at }) => [value, at]), [["a", 0], ["c", 250]]);
});

test("a slow answer holds the next value back, and then it goes without a further wait", async () => {
  const { offer, sent, pass } = held();
  offer("a");
  offer("b");
  await pass(900);
  assert.equal(sent.length, 1);
  sent[0].resolve();
  await pass(0);
  assert.deepEqual(sent.map(({ value, at }) => [value, at]), [["a", 0], ["b", 900]]);
});

test("a failure is told, and the next value is sent as usual", async () => {
  const { offer, sent, pass } = held();
  offer("a");
  offer("b");
  sent[0].reject("gone");
  await pass(0);
  await pass(250);
  assert.deepEqual(sent.map((one) => one.value ?? one.error), ["a", "gone", "b"]);
});

test("after a rest the next value goes at once", async () => {
  const { offer, sent, pass } = held();
  offer("a");
  sent[0].resolve();
  await pass(250);
  await pass(5000);
  offer("b");
  assert.deepEqual(sent.map(({ value, at }) => [value, at]), [["a", 0], ["b", 5250]]);
});
