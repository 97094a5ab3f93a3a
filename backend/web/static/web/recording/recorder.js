// The microphone into a file, until somebody stops it or it is as long as it may be.

import { fileName, recordingType } from "./microphone.js";

// A place is a part of its sound: nothing is filtered out, and the server evens the loudness.
const SOUND = { echoCancellation: false, noiseSuppression: false, autoGainControl: false };
const BITS_PER_SECOND = 128_000;
// What has come so far is kept even when the recorder fails.
const SLICE_MS = 1000;

/** Asks the person and gives the microphone's stream. Throws a DOMException. */
export const openMicrophone = () => navigator.mediaDevices.getUserMedia({ audio: SOUND });

export const letGo = (stream) => stream.getTracks().forEach((track) => track.stop());

/**
 * Records a stream, and lets go of it at the end; it ends by itself after `longestSeconds`, or with the microphone.
 * `taken` is a promise of {blob, name, seconds}, or of null after `cancel()`.
 */
export function record(stream, longestSeconds) {
  const type = recordingType((one) => MediaRecorder.isTypeSupported(one));
  const recorder = new MediaRecorder(stream, { mimeType: type, audioBitsPerSecond: BITS_PER_SECOND });
  const startedMs = performance.now();
  const seconds = () => (performance.now() - startedMs) / 1000;
  const stop = () => recorder.state === "inactive" || recorder.stop();
  const limit = setTimeout(stop, longestSeconds * 1000);
  const parts = [];
  let isWanted = true;

  const taken = new Promise((resolve) => {
    recorder.ondataavailable = ({ data }) => parts.push(data);
    recorder.onstop = () => {
      clearTimeout(limit);
      letGo(stream);
      const blob = new Blob(parts, { type: recorder.mimeType });
      resolve(isWanted ? { blob, name: fileName(type), seconds: seconds() } : null);
    };
  });
  const cancel = () => {
    isWanted = false;
    stop();
  };
  recorder.start(SLICE_MS);
  return { seconds, stop, cancel, taken };
}
