// Which addresses never end by themselves.

import assert from "node:assert/strict";
import { test } from "node:test";

import { isLive } from "../../../../../../backend/web/static/web/player/address.js";

test("a stream's own address is live, in range and out of it", () => {
  assert.equal(isLive("https://audio.example/stream12.mp3?key=s3cret"), true);
  assert.equal(isLive("http://localhost:8000/stream7.ogg?key=a-b_c"), true);
});

test("what a project offers instead is a file that ends", () => {
  assert.equal(isLive("https://site.example/rwmedia/far.mp3"), false);
  assert.equal(isLive("https://site.example/rwmedia/stream12.mp3.wav"), false);
});
