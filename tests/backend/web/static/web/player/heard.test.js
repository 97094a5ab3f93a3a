import assert from "node:assert/strict";
import { test } from "node:test";

import { Heard } from "../../../../../../backend/web/static/web/player/heard.js";

const started = (playId, startedAt, plannedSeconds) => ({
  __typename: "AssetStarted", playId, startedAt, plannedSeconds, assetId: "a", asset: { description: "Bells" },
});

test("speakers are listed from the loudest, those out of hearing are left out", () => {
  const heard = new Heard();
  const gains = [{ speakerId: "s", gain: 0.2 }, { speakerId: "t", gain: 0.9 }, { speakerId: "u", gain: 0.0009 }];
  assert.equal(heard.take({ __typename: "GainsChanged", gains }), true);
  assert.deepEqual(heard.speakers, [{ speakerId: "t", gain: 0.9 }, { speakerId: "s", gain: 0.2 }]);
});

test("a speaker that later gains leave out is silent", () => {
  const heard = new Heard();
  heard.take({ __typename: "GainsChanged", gains: [{ speakerId: "s", gain: 0.2 }] });
  heard.take({ __typename: "GainsChanged", gains: [] });
  assert.equal(heard.gain("s"), 0);
  assert.deepEqual(heard.speakers, []);
});

test("a recording counts down from its start and is gone when it ended", () => {
  let now = Date.parse("2026-11-01T12:00:00Z");
  const heard = new Heard(() => now);
  heard.take(started("p", "2026-11-01T12:00:00Z", 30));
  now += 12_500;
  assert.equal(heard.plays[0].secondsLeft, 17.5);
  heard.take({ __typename: "AssetEnded", playId: "p" });
  assert.deepEqual(heard.plays, []);
});

test("a wrong clock of this device does not change what is left", () => {
  let now = Date.parse("2026-11-01T15:00:00Z"); // three hours ahead of the server
  const heard = new Heard(() => now);
  heard.take(started("p", "2026-11-01T12:00:00Z", 30));
  now += 10_000;
  heard.take(started("q", "2026-11-01T12:00:04Z", 30)); // told 6 s after its start
  assert.deepEqual(heard.plays.map(({ secondsLeft }) => secondsLeft), [20, 24]);
});

test("a recording never has less than no time left", () => {
  let now = Date.parse("2026-11-01T12:00:00Z");
  const heard = new Heard(() => now);
  heard.take(started("p", "2026-11-01T12:00:00Z", 5));
  now += 9000;
  assert.equal(heard.plays[0].secondsLeft, 0);
});

test("other events change nothing of what is heard", () => {
  assert.equal(new Heard().take({ __typename: "ListenerMoved" }), false);
});
