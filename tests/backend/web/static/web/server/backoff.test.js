import assert from "node:assert/strict";
import { test } from "node:test";

import { waitMs } from "../../../../../../backend/web/static/web/server/backoff.js";

test("waits double up to ten seconds, and half of each is chance", () => {
  assert.deepEqual([0, 1, 2, 3, 9].map((attempt) => waitMs(attempt, () => 1)), [500, 1000, 2000, 4000, 10_000]);
  assert.deepEqual([0, 1, 9].map((attempt) => waitMs(attempt, () => 0)), [250, 500, 5000]);
});
