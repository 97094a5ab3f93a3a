import assert from "node:assert/strict";
import { test } from "node:test";

import { snapshot, stillKnown } from "../../../../../../backend/web/static/web/live/snapshot.js";

const waiting = (id) => ({ id, submitted: false, moderatedAt: null });
const rejected = (id) => ({ ...waiting(id), moderatedAt: "2026-11-02T12:00:00Z", moderationReason: "Noise" });
const page = (nodes, endCursor = null) => ({ assets: { nodes, pageInfo: { hasNextPage: endCursor !== null, endCursor } } });
const here = { viewer: { username: "anna" }, project: { eventCursor: "e.1" } };

/** A server with these answers, one after another. */
function server(...answers) {
  const asked = [];
  const ask = async (_, variables) => {
    asked.push(variables);
    return answers.shift();
  };
  return { ask, asked };
}

test("what was rejected is read over, as far as it goes", async () => {
  const api = server(here, page([rejected(1), waiting(2)], "x"), page([waiting(3)]));
  const { project, waiting: found, isAll } = await snapshot(api, "p");
  assert.deepEqual([project.eventCursor, found.map(({ id }) => id), isAll], ["e.1", [2, 3], true]);
  assert.deepEqual(api.asked.map(({ after }) => after), [undefined, null, "x"]);
});

test("two hundred that wait are enough for now", async () => {
  const many = Array.from({ length: 100 }, (_, id) => waiting(id));
  const { waiting: found, isAll } = await snapshot(server(here, page(many, "x"), page(many, "y")), "p");
  assert.deepEqual([found.length, isAll], [200, false]);
});

test("somebody whose login has ended is told so", async () => {
  await assert.rejects(snapshot(server({ viewer: null, project: here.project }), "p"), { code: "NOT_AUTHENTICATED" });
  await assert.rejects(stillKnown(server({ viewer: null, project: null }), "p"), { code: "NOT_AUTHENTICATED" });
});

test("a project that is gone is told so", async () => {
  await assert.rejects(stillKnown(server({ viewer: here.viewer, project: null }), "p"), { code: "NOT_FOUND" });
});
