// A sound file as this browser reads it: how long it is, and its peaks.

import { NO_PEAKS } from "../drawing/waveform.js";
import { peaks } from "./samples.js";

// The picture needs no more, and a long file decoded at its own rate could fill a phone.
const SAMPLE_RATE = 8000;
const LARGEST_BYTES = 20_000_000;

/** {seconds, peaks} of a sound file; null where this browser cannot read it, or it is too large for a picture. */
export async function decoded(blob) {
  if (blob.size > LARGEST_BYTES) return null;
  try {
    const audio = new OfflineAudioContext(1, 1, SAMPLE_RATE);
    const buffer = await audio.decodeAudioData(await blob.arrayBuffer());
    return { seconds: buffer.duration, peaks: peaks(buffer.getChannelData(0), NO_PEAKS.length) };
  } catch {
    return null;
  }
}
