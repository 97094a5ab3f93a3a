import assert from "node:assert/strict";
import { test } from "node:test";

import { follow } from "../../../../../../backend/web/static/web/live/following.js";

const EVENT = { __typename: "StreamOpened", cursor: "e.7", streamId: "s" };
const LAGGED = { __typename: "Lagged", missed: 3, resync: "e.9" };

/** A socket's client that is played by hand, and what the follower told. */
function followed({ after } = {}) {
  const subscriptions = [];
  const told = [];
  const due = [];
  const client = {
    subscribe({ variables }, sink) {
      const one = { variables, sink, isEnded: false };
      subscriptions.push(one);
      return () => {
        one.isEnded = true;
        // graphql-ws says so of what it ended itself, too.
        sink.complete();
      };
    },
  };
  const tell = (name) => (value) => told.push([name, value]);
  const asked = { query: "subscription", variables: { project: "p" }, after, happened: tell("happened") };
  const end = follow(client, { ...asked, lost: tell("lost"), refused: tell("refused") }, (run, ms) => due.push({ run, ms }));
  const say = (event) => subscriptions.at(-1).sink.next({ data: { feed: event } });
  return { subscriptions, told, due, end, say };
}

test("it begins after a cursor, and what is sent again after a lost connection begins after the last event", () => {
  const { subscriptions, told, say } = followed({ after: "e.1" });
  assert.deepEqual(subscriptions[0].variables, { project: "p", after: "e.1" });
  say(EVENT);
  assert.deepEqual(told, [["happened", EVENT]]);
  assert.equal(subscriptions[0].variables.after, "e.7");
  assert.equal(subscriptions.length, 1);
});

test("who fell behind goes on where the server says", () => {
  const { subscriptions, told, say } = followed({ after: "e.1" });
  say(LAGGED);
  assert.equal(subscriptions[0].isEnded, true);
  assert.equal(subscriptions[1].variables.after, "e.9");
  assert.deepEqual(told, []);
});

test("events that nobody has any more are told as lost, and it has ended", () => {
  const { subscriptions, told, due, say } = followed({ after: "e.1" });
  say({ ...LAGGED, resync: null });
  assert.deepEqual(told, [["lost", 3]]);
  assert.equal(subscriptions[0].isEnded, true);
  assert.deepEqual([subscriptions.length, due.length], [1, 0]);
});

test("without cursors a new subscription begins with how things are", () => {
  const { subscriptions, told, say } = followed();
  say({ ...LAGGED, resync: null });
  assert.deepEqual(subscriptions.map(({ variables }) => variables), [{ project: "p" }, { project: "p" }]);
  assert.deepEqual(told, []);
});

test("what is refused for good is told once, and not asked again", () => {
  const { subscriptions, told, due } = followed({ after: "e.1" });
  subscriptions[0].sink.error([{ message: "Not found.", extensions: { code: "NOT_FOUND" } }]);
  subscriptions[0].sink.complete();
  assert.deepEqual(told.map(([name, { code, message }]) => [name, code, message]), [["refused", "NOT_FOUND", "Not found."]]);
  assert.equal(due.length, 0);
});

test("any other error and an end that nobody asked for are tried again after a wait that grows", () => {
  const { subscriptions, due, say } = followed({ after: "e.1" });
  subscriptions[0].sink.error([{ message: "Too much to do.", extensions: { code: "OVERLOADED" } }]);
  due[0].run();
  subscriptions[1].sink.complete();
  assert.equal(subscriptions.length, 2);
  due[1].run();
  assert.equal(subscriptions.length, 3);
  assert.ok(due[0].ms <= 500 && due[1].ms >= 500, `${due[0].ms}, then ${due[1].ms}`);
  say(EVENT);
  subscriptions[2].sink.error(new Error("The socket was closed"));
  assert.ok(due[2].ms <= 500);
});

test("nothing is heard of one that was ended", () => {
  const { subscriptions, told, due, end, say } = followed({ after: "e.1" });
  end();
  say(EVENT);
  assert.deepEqual([told, due, subscriptions.length], [[], [], 1]);
});
