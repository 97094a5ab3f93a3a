import assert from "node:assert/strict";
import { test } from "node:test";

import { Glide } from "../../../../../../backend/web/static/web/live/glide.js";

const HERE = { lat: 0, lng: 0, heading: 350 };
const THERE = { lat: 1, lng: 2, heading: 20 };

test("what is new is at its place at once", () => {
  const glide = new Glide(400);
  glide.send("a", HERE, 0);
  assert.deepEqual(glide.at("a", 0), HERE);
});

test("it is half way in the middle of the time, and there at its end", () => {
  const glide = new Glide(400);
  glide.send("a", HERE, 0);
  glide.send("a", THERE, 1000);
  assert.deepEqual(glide.at("a", 1000), HERE);
  assert.deepEqual(glide.at("a", 1200), { lat: 0.5, lng: 1, heading: 5 });
  assert.equal(glide.isMoving("a", 1399), true);
  assert.deepEqual(glide.at("a", 1400), THERE);
  assert.equal(glide.isMoving("a", 1400), false);
});

test("sent elsewhere on the way, it goes on from where it is", () => {
  const glide = new Glide(400);
  glide.send("a", HERE, 0);
  glide.send("a", THERE, 1000);
  glide.send("a", HERE, 1200);
  assert.deepEqual(glide.at("a", 1200), { lat: 0.5, lng: 1, heading: 5 });
  assert.deepEqual(glide.at("a", 1600), HERE);
});

test("a heading turns the shorter way, and one that is not known does not turn", () => {
  const glide = new Glide(400);
  glide.send("a", { ...HERE, heading: 10 }, 0);
  glide.send("a", { ...HERE, heading: 330 }, 1000);
  assert.equal(glide.at("a", 1200).heading, 350);
  glide.send("a", { ...HERE, heading: null }, 2000);
  assert.equal(glide.at("a", 2200).heading, null);
});

test("with no time to glide it jumps", () => {
  const glide = new Glide(0);
  glide.send("a", HERE, 0);
  glide.send("a", THERE, 0);
  assert.deepEqual(glide.at("a", 0), THERE);
});
