import assert from "node:assert/strict";
import { test } from "node:test";

import { History } from "../../../../../../backend/web/static/web/live/history.js";
import { Load } from "../../../../../../backend/web/static/web/live/load.js";

test("a history is as long after a year as at its beginning, and ends now", () => {
  const history = new History(3, 100);
  assert.deepEqual([history.times, history.values], [[97, 98, 99], [null, null, null]]);
  [[100, 4], [101, null], [102, 2], [103, 1]].forEach(([now, value]) => history.push(now, value));
  assert.deepEqual([history.times, history.values], [[101, 102, 103], [null, 2, 1]]);
  assert.equal(history.highest, 2);
});

test("the load is the busiest engine's", () => {
  const load = new Load();
  load.take({ engineId: "a", load: 0.9 }, 0);
  load.take({ engineId: "a", load: 0.2 }, 1000);
  load.take({ engineId: "b", load: 0.5 }, 1000);
  assert.equal(load.busiest(1500), 0.5);
});

test("an engine that is silent for five seconds has no load", () => {
  const load = new Load();
  load.take({ engineId: "a", load: 0.9 }, 0);
  assert.deepEqual([load.busiest(5000), load.busiest(5001)], [0.9, null]);
});
