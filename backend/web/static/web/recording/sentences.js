// The state of a recording as one sentence for a person.

import { clock } from "../page/clock.js";

export const OBSTACLES = {
  SILENT_PLACE: "This place takes no recordings.",
  INSECURE: "This browser gives its microphone only to https pages. You can choose a sound file instead.",
  NO_RECORDER: "This browser cannot record. You can choose a sound file instead.",
};

const FAULTS = {
  SILENT: "Nothing is heard. Is the microphone muted?",
  TOO_LOUD: "That is too loud for the microphone: hold it further away.",
};

const MICROPHONE = {
  NotAllowedError: "You did not allow this page to use the microphone. Allow it in your browser, or choose a sound file.",
  NotFoundError: "No microphone was found. Connect one, or choose a sound file.",
  NotReadableError: "The microphone is in use elsewhere. Close what uses it, or choose a sound file.",
};

const KEPT = "Your recording is kept here: try again";

// Where the sentence of the server may say too little of what to do now.
const REFUSALS = {
  AUDIO_TOO_LONG: ({ longestSeconds }) => `This is too long: at most ${clock(longestSeconds)} is taken here. Record a shorter one.`,
  UNREADABLE_AUDIO: () => "The server cannot read this as sound. Record it again, or choose another file.",
  UNSUPPORTED_MEDIA: () => "The server does not take this kind of file. Record your sound, or choose another file.",
  FILE_TOO_LARGE: () => "This file is too large for the server. Choose a smaller one, or record your sound here.",
  STORAGE_FULL: () => `The server has no room for it now. ${KEPT} later.`,
  UNREACHABLE: () => `The server cannot be reached. ${KEPT} when you are connected.`,
  BROKEN: () => `The server could not take it just now. ${KEPT}.`,
  CANCELLED: () => "The upload was cancelled. Your recording is kept here.",
};

// The same recording would be refused again.
const FINAL = [
  "AUDIO_TOO_LONG",
  "UNREADABLE_AUDIO",
  "UNSUPPORTED_MEDIA",
  "SILENT_RECORDING",
  "EMPTY_FILE",
  "FILE_TOO_LARGE",
  "INGEST_FAILED",
  "INGEST_TIMED_OUT",
  "NOT_PERMITTED",
];

export const UNSENT = "This recording of yours has not been uploaded yet.";

export const GONE = "This recording had been uploaded before, and has been deleted since.";

export const invitation = (longestSeconds) =>
  `What you record stays where the headphones are. It may last up to ${clock(longestSeconds)}.`;

/** Why there is no microphone, from the DOMException of asking for it. */
export const microphoneSentence = ({ name }) => MICROPHONE[name] ?? MICROPHONE.NotReadableError;

/** What is told while it records, with what is wrong with it (see `fault`) or null. */
export const recordingSentence = (fault, longestSeconds) =>
  FAULTS[fault] ?? `Recording. It stops by itself after ${clock(longestSeconds)}.`;

/** Why an upload failed, and what to do about it. */
export const refusalSentence = ({ code, message }, longestSeconds) => REFUSALS[code]?.({ longestSeconds }) ?? message;

export const mayBeTriedAgain = ({ code }) => !FINAL.includes(code);

const STATES = {
  DECODING: "Uploaded. The server is reading it…",
  ENCODING: "Uploaded. The server is making it ready to be heard…",
};

/** How far an upload has come: `share` of it has left, 0 to 1; `state` is the server's, once it is known. */
export const sendingSentence = (share, state) =>
  share < 1 ? "Uploading…" : (STATES[state] ?? "Uploaded. The server has it…");

/** What has become of it: whether others hear it, and where its maker does. */
export function thanks({ submitted }, isInStream) {
  const others = submitted
    ? "Thank you. Everybody can hear it here now."
    : "Thank you. Others will hear it when it has been reviewed.";
  return `${others} ${isInStream ? "It plays in your stream in a moment." : "You can hear it right here."}`;
}
