import assert from "node:assert/strict";
import { test } from "node:test";

import { clock } from "../../../../../../backend/web/static/web/page/clock.js";

test("seconds are written as people write them", () => {
  assert.deepEqual([0, 0.2, 59.1, 60, 65, 600].map(clock), ["0:00", "0:01", "1:00", "1:00", "1:05", "10:00"]);
});
