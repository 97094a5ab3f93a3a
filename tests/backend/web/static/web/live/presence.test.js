import assert from "node:assert/strict";
import { test } from "node:test";

import { audible, nameOfListener, Presence } from "../../../../../../backend/web/static/web/live/presence.js";

const id = (number) => btoa(`Stream:${number}`);
const listener = (number, more = {}) => ({ streamId: id(number), latitude: 60, isPaused: false, isOutOfRange: false, ...more });
const numbers = (presence) => presence.listeners.map(({ streamId }) => nameOfListener(streamId));

function present(...updates) {
  const presence = new Presence();
  updates.forEach(([__typename, fields]) => presence.take({ __typename, ...fields }));
  return presence;
}

test("a snapshot takes the place of all that was known", () => {
  const first = ["ListenersSnapshot", { listeners: [listener(1), listener(2)] }];
  assert.deepEqual(numbers(present(first, ["ListenersSnapshot", { listeners: [listener(3)] }])), ["Listener 3"]);
});

test("listeners come, move and go; they are listed as they came", () => {
  const presence = present(
    ["ListenersSnapshot", { listeners: [listener(10), listener(9)] }],
    ["ListenerJoined", { listener: listener(2) }],
    ["ListenersMoved", { listeners: [listener(9, { latitude: 61 })] }],
    ["ListenerLeft", { streamId: id(10) }],
  );
  assert.deepEqual(numbers(presence), ["Listener 9", "Listener 2"]);
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

test("a listener is called by the beginning of the stream's key; an id that is none of ours is shown as it is", () => {
  assert.equal(nameOfListener(btoa("Stream:0767b499-223e-4d")), "Listener 0767b");
  assert.equal(nameOfListener("?"), "Listener ?");
});
