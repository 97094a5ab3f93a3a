import assert from "node:assert/strict";
import { test } from "node:test";

import { audible, numberOf, Presence } from "../../../../../../backend/web/static/web/live/presence.js";

const id = (number) => btoa(`Stream:${number}`);
const listener = (number, more = {}) => ({ streamId: id(number), latitude: 60, isPaused: false, isOutOfRange: false, ...more });
const numbers = (presence) => presence.listeners.map(({ streamId }) => numberOf(streamId));

function present(...updates) {
  const presence = new Presence();
  updates.forEach(([__typename, fields]) => presence.take({ __typename, ...fields }));
  return presence;
}

test("a snapshot takes the place of all that was known", () => {
  const first = ["ListenersSnapshot", { listeners: [listener(1), listener(2)] }];
  assert.deepEqual(numbers(present(first, ["ListenersSnapshot", { listeners: [listener(3)] }])), ["3"]);
});

test("listeners come, move and go; they are listed by number", () => {
  const presence = present(
    ["ListenersSnapshot", { listeners: [listener(10), listener(9)] }],
    ["ListenerJoined", { listener: listener(2) }],
    ["ListenersMoved", { listeners: [listener(9, { latitude: 61 })] }],
    ["ListenerLeft", { streamId: id(10) }],
  );
  assert.deepEqual(numbers(presence), ["2", "9"]);
  assert.equal(presence.get(id(9)).latitude, 61);
  assert.equal(presence.get(id(10)), null);
});

test("who pauses or is far away has an open stream and hears nothing", () => {
  const listeners = [listener(1), listener(2, { isPaused: true }), listener(3, { isOutOfRange: true })];
  const presence = present(["ListenersSnapshot", { listeners }]);
  assert.deepEqual([presence.openStreams, presence.hearing], [3, 1]);
});

test("speakers that are heard are listed from the loudest", () => {
  const gains = [["a", 0.2], ["b", 0.9], ["c", 0.0005]].map(([speakerId, gain]) => ({ speakerId, gain }));
  assert.deepEqual(audible({ gains }).map(({ speakerId }) => speakerId), ["b", "a"]);
});

test("an id that is none of ours is shown as it is", () => {
  assert.equal(numberOf("?"), "?");
});
