import assert from "node:assert/strict";
import { afterEach, test } from "node:test";

import { signedIn } from "../../../../../../backend/web/static/web/player/account.js";
import { Api } from "../../../../../../backend/web/static/web/server/api.js";
import { byLogin, byToken } from "../../../../../../backend/web/static/web/server/who.js";

const realFetch = globalThis.fetch;
afterEach(() => (globalThis.fetch = realFetch));

/** Answers one request after another with these bodies; returns what was sent. */
function answering(...bodies) {
  const sent = [];
  globalThis.fetch = async (url, { headers, credentials, body }) => {
    sent.push({ url, headers, credentials, ...JSON.parse(body) });
    const next = bodies.shift();
    if (next instanceof Error) throw next;
    return new Response(typeof next === "string" ? next : JSON.stringify(next), { status: 200 });
  };
  return sent;
}

const api = (token = null) => new Api("/graphql/", byToken(() => token));

test("a question carries the token", async () => {
  const sent = answering({ data: { project: { name: "Tones" } } });
  assert.deepEqual(await api("abc").ask("query { x }", { id: 1 }), { project: { name: "Tones" } });
  assert.equal(sent[0].headers.Authorization, "Token abc");
  assert.deepEqual(sent[0].variables, { id: 1 });
});

test("no token, no header", async () => {
  const sent = answering({ data: {} });
  await api().ask("query { x }");
  assert.equal("Authorization" in sent[0].headers, false);
});

test("with a token the cookie of a login stays at home; a login goes with what only our own pages can read", async (t) => {
  globalThis.document = { cookie: "sessionid=s; csrftoken=c5; other=1" };
  t.after(() => delete globalThis.document);
  const sent = answering({ data: {} }, { data: {} });
  await api("abc").ask("query { x }");
  await new Api("/graphql/", byLogin).ask("query { x }");
  assert.deepEqual(sent.map(({ credentials }) => credentials), ["omit", "same-origin"]);
  assert.deepEqual(sent.map(({ headers }) => headers["X-CSRFToken"]), [undefined, "c5"]);
  assert.equal("Authorization" in sent[1].headers, false);
});

test("a typed error of a payload is a refusal with its code, sentence and field", async () => {
  const error = { __typename: "InvalidInputError", code: "INVALID_INPUT", message: "Too far north.", field: "latitude" };
  answering({ data: { moveListener: error } });
  await assert.rejects(api().perform("mutation", {}), { code: "INVALID_INPUT", message: "Too far north.", field: "latitude" });
});

test("an error beside the data is a refusal with its code", async () => {
  answering({ data: null, errors: [{ message: "No token.", extensions: { code: "NOT_AUTHENTICATED" } }] });
  await assert.rejects(api().ask("query { x }"), { code: "NOT_AUTHENTICATED", message: "No token." });
});

test("a server that cannot be reached is a sentence, not a stack", async () => {
  answering(new TypeError("fetch failed"));
  await assert.rejects(api().ask("query { x }"), { code: "UNREACHABLE", message: /cannot be reached/ });
});

test("an answer that is no JSON is a sentence too", async () => {
  answering("<html>Bad gateway</html>");
  await assert.rejects(api().ask("query { x }"), { code: "BROKEN" });
});

test("a token that the server no longer takes is replaced once, and the question asked again", async () => {
  const sent = answering(
    { data: { registerDevice: { token: "first" } } },
    { data: null, errors: [{ message: "Invalid token.", extensions: { code: "NOT_AUTHENTICATED" } }] },
    { data: { registerDevice: { token: "second" } } },
    { data: { viewer: { id: "1" } } },
  );
  const { token } = await import("../../../../../../backend/web/static/web/player/account.js");
  const asking = new Api("/graphql/", byToken(token));
  assert.deepEqual(await signedIn(asking, () => asking.ask("query { viewer }")), { viewer: { id: "1" } });
  assert.deepEqual(sent.map(({ headers }) => headers.Authorization), [undefined, "Token first", "Token first", "Token second"]);
  assert.equal(sent[0].variables.input.deviceId, sent[2].variables.input.deviceId);
});
