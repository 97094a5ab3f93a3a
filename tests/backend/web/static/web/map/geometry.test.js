import assert from "node:assert/strict";
import { test } from "node:test";

import { displaced, innermost, isInside } from "../../../../../../backend/web/static/web/map/geometry.js";

const HELSINKI = { lat: 60.17, lng: 24.94 };
const SQUARE = [[0, 0], [4, 0], [4, 4], [0, 4], [0, 0]];
const HOLE = [[1, 1], [3.9, 1], [3.9, 3.9], [1, 3.9], [1, 1]];

const near = (actual, expected, tolerance) => assert.ok(Math.abs(actual - expected) <= tolerance, `${actual} ≠ ${expected}`);

test("a hundred metres north and east in Helsinki are these degrees", () => {
  const there = displaced(HELSINKI, 100, 100);
  near(there.lat - HELSINKI.lat, 0.000899, 1e-6);
  near(there.lng - HELSINKI.lng, 0.001808, 1e-6);
});

test("a point in a hole is not inside", () => {
  assert.equal(isInside([0.5, 0.5], [SQUARE, HOLE]), true);
  assert.equal(isInside([2, 2], [SQUARE, HOLE]), false);
  assert.equal(isInside([5, 2], [SQUARE, HOLE]), false);
});

test("the innermost point of a square is its middle", () => {
  const [lng, lat] = innermost([SQUARE]);
  near(lng, 2, 0.2);
  near(lat, 2, 0.2);
});

test("the innermost point of a ring lies in the ring, not in its hole", () => {
  assert.equal(isInside(innermost([SQUARE, HOLE]), [SQUARE, HOLE]), true);
});
