import assert from "node:assert/strict";
import { afterEach, mock, test } from "node:test";

import { Api } from "../../../../../../backend/web/static/web/server/api.js";
import { byToken } from "../../../../../../backend/web/static/web/server/who.js";
import { Session } from "../../../../../../backend/web/static/web/player/session.js";
import { Draft } from "../../../../../../backend/web/static/web/recording/draft.js";
import { peaks } from "../../../../../../backend/web/static/web/recording/samples.js";

const ASSET = { id: "Asset:1", submitted: true };
const TAKE = { blob: new Blob(["beep"]), name: "recording.webm", seconds: 1, place: { lat: 60, lng: 25 } };
// Node has one from version 21 on.
globalThis.navigator ??= { language: "en" };
const realFetch = globalThis.fetch;
afterEach(() => (globalThis.fetch = realFetch));

/** A server for everything but files: answers operations, each time with the next of its payloads or the last. */
function answering(payloads) {
  const asked = [];
  globalThis.fetch = async (_, { body }) => {
    const { query, variables } = JSON.parse(body);
    const operation = query.match(/(?:mutation|query) (\w+)/)[1];
    asked.push([operation, variables.input ?? variables]);
    const [payload] = payloads[operation].length > 1 ? payloads[operation].splice(0, 1) : payloads[operation];
    return new Response(JSON.stringify({ data: operation === "UploadState" ? payload : { [operation]: payload } }));
  };
  return asked;
}

/** Uploads that end as these functions of the request say, one after another. */
function uploading(...ends) {
  const sent = [];
  globalThis.XMLHttpRequest = class {
    upload = {};
    headers = {};
    open() {}
    setRequestHeader(name, value) {
      this.headers[name] = value;
    }
    abort() {
      this.onabort();
    }
    send(body) {
      sent.push({ ...JSON.parse(body.get("operations")), map: body.get("map"), file: body.get("0"), headers: this.headers });
      ends.shift()(this);
    }
  };
  return sent;
}

const answer = (payload, status = 200) => (request) => {
  const text = typeof payload === "string" ? payload : JSON.stringify({ data: { uploadAsset: payload } });
  Object.assign(request, { status, responseText: text }).onload();
};
const PAYLOADS = () => ({
  RegisterDevice: [{ token: "abc" }],
  CreateSession: [{ session: { id: "S1" } }, { session: { id: "S2" } }],
  CreateEnvelope: [{ envelope: { id: "E1" } }],
});

function draft(token = "abc", more = {}) {
  const session = new Session(new Api("/graphql/", byToken(() => token)), "Project:1");
  return new Draft(session, { ...TAKE, ...more });
}

const send = (one, more = {}) => one.send({ sent() {}, signal: new AbortController().signal, ...more });

test("an upload carries the file beside the document, and the token", async () => {
  answering(PAYLOADS());
  const sent = uploading(answer({ asset: ASSET }));
  const one = draft();
  await one.change({ tagIds: ["Tag:1"], description: "A beep." });
  assert.deepEqual(await send(one), ASSET);
  const [{ variables, map, file, headers }] = sent;
  const { uploadId, ...input } = variables.input;
  assert.deepEqual(input, {
    envelopeId: "E1", mediaType: "AUDIO", latitude: 60, longitude: 25, tagIds: ["Tag:1"], description: "A beep.", file: null,
  });
  assert.match(uploadId, /^[0-9a-f-]{36}$/);
  assert.deepEqual(JSON.parse(map), { 0: ["variables.input.file"] });
  assert.deepEqual([file.name, file.size], ["recording.webm", 4]);
  assert.equal(headers.Authorization, "Token abc");
});

test("a second try sends the same again, without another envelope", async () => {
  const asked = answering(PAYLOADS());
  const sent = uploading((request) => request.onerror(), answer({ asset: ASSET }));
  const one = draft();
  await assert.rejects(send(one), { code: "UNREACHABLE" });
  assert.deepEqual(await send(one), ASSET);
  assert.deepEqual(sent[0].variables, sent[1].variables);
  assert.equal(asked.filter(([operation]) => operation === "CreateEnvelope").length, 1);
});

test("an envelope that the server no longer knows is replaced at the next try, and so is the id", async () => {
  const asked = answering(PAYLOADS());
  const sent = uploading(answer({ code: "NOT_FOUND", message: "Envelope not found." }), answer({ asset: ASSET }));
  const one = draft();
  await assert.rejects(send(one), { code: "NOT_FOUND" });
  await send(one);
  assert.equal(asked.filter(([operation]) => operation === "CreateEnvelope").length, 2);
  assert.notEqual(sent[0].variables.input.uploadId, sent[1].variables.input.uploadId);
});

test("a draft that is left from another visit goes into the envelope that it has", async () => {
  const asked = answering(PAYLOADS());
  const sent = uploading(answer({ asset: ASSET }));
  const one = draft("abc", { envelopeId: "E0", uploadId: "before" });
  await send(one);
  assert.deepEqual(asked, []);
  assert.deepEqual([sent[0].variables.input.envelopeId, sent[0].variables.input.uploadId], ["E0", "before"]);
  assert.equal(one.isOfThisVisit, false);
});

test("a visit that has ended is begun anew for the envelope", async () => {
  const asked = answering({
    ...PAYLOADS(),
    CreateEnvelope: [{ code: "NOT_FOUND", message: "Session not found." }, { envelope: { id: "E2" } }],
  });
  uploading(answer({ asset: ASSET }));
  await send(draft());
  const envelopes = asked.filter(([operation]) => operation === "CreateEnvelope");
  assert.deepEqual(envelopes.map(([, input]) => input), [{ session: "S1" }, { session: "S2" }]);
});

test("what a proxy says by its status alone is a refusal with a code", async () => {
  for (const [status, code] of [[413, "FILE_TOO_LARGE"], [507, "STORAGE_FULL"], [503, "UNREACHABLE"], [500, "BROKEN"]]) {
    answering(PAYLOADS());
    uploading(answer("<html>", status));
    await assert.rejects(send(draft()), { code });
  }
});

test("an upload tells how much has left, and ends when it is told to", async () => {
  answering(PAYLOADS());
  const halt = new AbortController();
  uploading((request) => {
    request.upload.onprogress({ loaded: 1, total: 4 });
    request.upload.onload();
    halt.abort();
  });
  const shares = [];
  await assert.rejects(send(draft(), { sent: (share) => shares.push(share), signal: halt.signal }), { code: "CANCELLED" });
  assert.deepEqual(shares, [0.25, 1]);
});

test("what the server does with a file that has left is told until it has answered", async () => {
  mock.timers.enable({ apis: ["setInterval"] });
  const states = (...now) => ({ assetUploads: { edges: now.map((state) => ({ node: { state } })) } });
  const asked = answering({ ...PAYLOADS(), UploadState: [states(), states("DECODING"), states("ENCODING")] });
  const told = [];
  const uploaded = new Promise((resolve) => uploading((request) => resolve(request)));
  const sending = send(draft(), { sent: (...progress) => told.push(progress) });
  const request = await uploaded;
  request.upload.onload();
  for (let look = 0; look < 3; look++) {
    mock.timers.tick(700);
    await new Promise(setImmediate);
  }
  answer({ asset: ASSET })(request);
  await sending;
  mock.timers.tick(700);
  mock.timers.reset();
  assert.deepEqual(told, [[1], [1, "DECODING"], [1, "ENCODING"]]);
  assert.deepEqual(asked.filter(([operation]) => operation === "UploadState").length, 3);
});

test("without a place to keep it, a draft says that it is not kept", async () => {
  const one = draft();
  await one.change({});
  assert.equal(one.isKept, false);
});

test("a picture of a sound shows the highest of each stretch as a share of the highest of all", () => {
  assert.deepEqual([...peaks(Float32Array.of(0.1, -0.25, 0.5, 0.1), 2)], [0.5, 1]);
  assert.deepEqual([...peaks(new Float32Array(8), 4)], [0, 0, 0, 0]);
});
