import assert from "node:assert/strict";
import { test } from "node:test";

import { ago, nameOf, sentence } from "../../../../../../backend/web/static/web/live/words.js";

const streamId = btoa("Stream:12");
const bells = { description: "Bells", mediaType: "AUDIO", submitted: true };
const said = (__typename, fields) => sentence({ __typename, ...fields });

test("listeners come and go in sentences", () => {
  assert.equal(said("StreamOpened", { streamId }), "Listener 12 began to listen.");
  assert.equal(said("StreamClosed", { streamId, reason: "IDLE" }), "Listener 12 is gone: the sound was no longer fetched.");
  assert.equal(said("StreamClosed", { streamId, reason: "CLOSED" }), "Listener 12 stopped listening.");
  assert.equal(said("AssetStarted", { streamId, asset: bells }), "Listener 12 hears “Bells”.");
});

test("a name that ends a sentence ends it alone", () => {
  const asset = { description: "Who is there?", mediaType: "AUDIO" };
  assert.equal(said("AssetStarted", { streamId, asset }), "Listener 12 hears “Who is there?”");
  assert.equal(said("AssetEnded", { streamId, asset: { ...asset, description: "A bell." } }), "Listener 12 has heard “A bell.”");
});

test("a new contribution is to be reviewed, or heard at once", () => {
  assert.equal(said("AssetAdded", { asset: bells }), "New, and heard at once: “Bells”.");
  const wordless = { description: "", mediaType: "PHOTO", submitted: false };
  assert.equal(said("AssetAdded", { asset: wordless }), "New, to review: a photo.");
});

test("a changed one can be heard by others, or cannot", () => {
  assert.equal(said("AssetChanged", { asset: bells }), "“Bells” was changed: others can hear it.");
  assert.equal(said("AssetChanged", { asset: { ...bells, submitted: false } }), "“Bells” was changed: others cannot hear it.");
  assert.equal(said("AssetChanged", { asset: null }), "Something was changed: it is not yours to see.");
});

test("an event of a later server is named", () => {
  assert.equal(said("MoonRisen"), "MoonRisen.");
});

test("long words are cut, and lines become one", () => {
  assert.equal(nameOf({ description: "one\n\n two" }), "“one two”");
  const name = nameOf({ description: "letters ".repeat(20) });
  assert.ok(name.length <= 92 && name.endsWith("…”"), name);
});

test("ages are told as people tell them", () => {
  const now = Date.parse("2026-11-02T12:00:00Z");
  const told = ["2026-11-02T11:59:30Z", "2026-11-02T11:58:59Z", "2026-11-02T11:00:00Z", "2026-10-30T12:00:00Z"];
  assert.deepEqual(told.map((at) => ago(at, now)), ["just now", "1 minute ago", "1 hour ago", "3 days ago"]);
  assert.equal(ago("2026-11-02T12:00:09Z", now), "just now");
});
