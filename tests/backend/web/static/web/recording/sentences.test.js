import assert from "node:assert/strict";
import { test } from "node:test";

import { fault, levelOf, peakOf } from "../../../../../../backend/web/static/web/recording/samples.js";
import { fileName, obstacle, recordingType } from "../../../../../../backend/web/static/web/recording/microphone.js";
import * as sentences from "../../../../../../backend/web/static/web/recording/sentences.js";

const browser = (supported, more = {}) => ({
  isSecureContext: true,
  navigator: { mediaDevices: { getUserMedia() {} } },
  MediaRecorder: { isTypeSupported: (type) => supported.includes(type) },
  ...more,
});
const OPEN = { speakEnabled: true };
const WEBM = "audio/webm;codecs=opus";

test("WebM is recorded before MP4 before Ogg, each under its ending", () => {
  const of = (...supported) => recordingType((type) => supported.includes(type));
  assert.equal(of("audio/mp4", WEBM), WEBM);
  assert.equal(of("audio/mp4", "audio/ogg;codecs=opus"), "audio/mp4");
  assert.equal(of("audio/wav"), null);
  assert.deepEqual([WEBM, "audio/mp4", "audio/ogg;codecs=opus"].map(fileName), ["recording.webm", "recording.m4a", "recording.ogg"]);
});

test("what stands in the way of a recording is told apart, the place first", () => {
  assert.equal(obstacle(OPEN, browser([WEBM])), null);
  assert.equal(obstacle({ speakEnabled: false }, browser([], { isSecureContext: false })), "SILENT_PLACE");
  assert.equal(obstacle(OPEN, browser([WEBM], { isSecureContext: false })), "INSECURE");
  assert.equal(obstacle(OPEN, browser([])), "NO_RECORDER");
  assert.equal(obstacle(OPEN, browser([WEBM], { navigator: {} })), "NO_RECORDER");
  assert.equal(obstacle(OPEN, browser([WEBM], { MediaRecorder: undefined })), "NO_RECORDER");
  for (const name of ["INSECURE", "NO_RECORDER"]) assert.match(sentences.OBSTACLES[name], /choose a sound file instead/);
});

test("the level goes from -60 dB to full scale", () => {
  assert.equal(levelOf(new Float32Array(100)), 0);
  assert.equal(levelOf(new Float32Array(100).fill(0.0009)), 0);
  assert.ok(Math.abs(levelOf(new Float32Array(100).fill(0.0316228)) - 0.5) < 1e-3);
  assert.equal(levelOf(new Float32Array(100).fill(1)), 1);
});

test("a muted microphone and one that is shouted at are told", () => {
  assert.equal(peakOf(Float32Array.of(0.1, -0.5, 0.2)), 0.5);
  assert.equal(fault(0, 1.9), null);
  assert.equal(fault(0, 2), "SILENT");
  assert.equal(fault(0.01, 10), null);
  assert.equal(fault(1, 0.1), "TOO_LOUD");
  assert.match(sentences.recordingSentence("SILENT", 60), /muted/);
  assert.equal(sentences.recordingSentence(null, 90), "Recording. It stops by itself after 1:30.");
});

test("every way to be refused a microphone has a way out", () => {
  for (const name of ["NotAllowedError", "NotFoundError", "NotReadableError", "AbortError"]) {
    assert.match(sentences.microphoneSentence({ name }), /choose a sound file\.$/);
  }
});

test("a refusal says what to do; one without words of ours keeps the server's", () => {
  assert.match(sentences.refusalSentence({ code: "AUDIO_TOO_LONG", message: "" }, 60), /at most 1:00/);
  assert.match(sentences.refusalSentence({ code: "STORAGE_FULL", message: "" }, 60), /kept here/);
  assert.equal(sentences.refusalSentence({ code: "NOT_PERMITTED", message: "Not you." }, 60), "Not you.");
});

test("what would be refused again is not tried again", () => {
  const again = (code) => sentences.mayBeTriedAgain({ code });
  assert.deepEqual(["UNREACHABLE", "STORAGE_FULL", "CANCELLED", "INVALID_INPUT"].map(again), [true, true, true, true]);
  assert.deepEqual(["AUDIO_TOO_LONG", "UNREADABLE_AUDIO", "FILE_TOO_LARGE", "NOT_PERMITTED"].map(again), [false, false, false, false]);
});

test("an upload is told by what leaves, and then by what the server does with it", () => {
  assert.equal(sentences.sendingSentence(0.5), "Uploading…");
  assert.match(sentences.sendingSentence(1), /The server has it/);
  assert.match(sentences.sendingSentence(1, "RECEIVED"), /The server has it/);
  assert.match(sentences.sendingSentence(1, "DECODING"), /reading/);
  assert.match(sentences.sendingSentence(1, "ENCODING"), /ready/);
});

test("thanks say who hears it, and where its maker does", () => {
  assert.match(sentences.thanks({ submitted: true }, true), /Everybody can hear it here now\. It plays in your stream/);
  assert.match(sentences.thanks({ submitted: false }, false), /reviewed\. You can hear it right here\.$/);
});
