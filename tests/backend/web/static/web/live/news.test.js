import assert from "node:assert/strict";
import { test } from "node:test";

import { News } from "../../../../../../backend/web/static/web/live/news.js";

const AT = "2026-11-02T12:00:00Z";
const opened = (number) => ({ __typename: "StreamOpened", streamId: btoa(`Stream:${number}`), happenedAt: AT });
const edited = { __typename: "SoundscapeChanged", happenedAt: AT };

test("the newest is first, with its time and a mark if it is to stand out", () => {
  const news = new News(10);
  [opened(1), edited].forEach((event) => news.take(event));
  assert.deepEqual(
    news.shown.map(({ kind, at, isMarked }) => [kind, at, isMarked]),
    [["edits", AT, false], ["streams", AT, true]],
  );
});

test("a kind that is switched off is kept, and shown when it is on again", () => {
  const news = new News(10);
  [opened(1), edited].forEach((event) => news.take(event));
  news.turn("streams", false);
  assert.deepEqual(news.shown.map(({ kind }) => kind), ["edits"]);
  news.turn("streams", true);
  assert.equal(news.shown.length, 2);
});

test("no more are shown than asked for, and many of one kind do not push another kind out", () => {
  const news = new News(3);
  news.take(edited);
  for (let number = 1; number <= 9; number++) news.take(opened(number));
  assert.deepEqual(news.shown.map(({ words }) => words.match(/\d/)[0]), ["9", "8", "7"]);
  news.turn("streams", false);
  assert.deepEqual(news.shown.map(({ kind }) => kind), ["edits"]);
});

test("where events are missing it says so, whatever is switched off", () => {
  const news = new News(3);
  news.gap(12, AT);
  news.gap(null, AT);
  ["streams", "edits", "plays", "contributions"].forEach((kind) => news.turn(kind, false));
  assert.deepEqual(news.shown.map(({ words }) => words), [
    "Some events before this could not be fetched.",
    "12 events before this could not be fetched.",
  ]);
});

test("that the project changed is not told again right after one of its recordings did", () => {
  const news = new News(10);
  const changed = { __typename: "AssetRemoved", assetId: btoa("Asset:1"), happenedAt: AT };
  const later = { ...edited, happenedAt: "2026-11-02T12:00:02Z" };
  [changed, edited, edited, changed, later].forEach((event) => news.take(event));
  assert.deepEqual(
    news.shown.map(({ kind, at }) => [kind, at]),
    [["edits", later.happenedAt], ["contributions", AT], ["edits", AT], ["contributions", AT]],
  );
});
