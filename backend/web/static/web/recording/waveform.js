// A recording as a picture: its peaks as bars, those that have been played in full colour.

import { barContext, drawBars } from "../player/bars.js";
import { onSchemeChange } from "../player/palette.js";
import { peaks } from "./samples.js";

const BARS = 64;
// The picture needs no more, and a long file decoded at its own rate could fill a phone.
const SAMPLE_RATE = 8000;
const LARGEST_BYTES = 20_000_000;

export const NO_PEAKS = new Float32Array(BARS);

/** {seconds, peaks} of a sound file; null where this browser cannot read it, or it is too large for a picture. */
export async function decoded(blob) {
  if (blob.size > LARGEST_BYTES) return null;
  try {
    const audio = new OfflineAudioContext(1, 1, SAMPLE_RATE);
    const buffer = await audio.decodeAudioData(await blob.arrayBuffer());
    return { seconds: buffer.duration, peaks: peaks(buffer.getChannelData(0), BARS) };
  } catch {
    return null;
  }
}

/** A picture on the canvas: `show(peaks)`, and `play(share)` for how much of it has been played. */
export function waveform(canvas) {
  const context = barContext(canvas);
  let shown = { peaks: NO_PEAKS, share: 0 };
  const draw = () =>
    drawBars(context, shown.peaks, (_, index) => (index < shown.share * shown.peaks.length ? 1 : 0.4));
  onSchemeChange(draw);
  // Also when it is shown after a time of being hidden.
  new ResizeObserver(draw).observe(canvas);
  const change = (part) => {
    shown = { ...shown, ...part };
    draw();
  };
  return { show: (found) => change({ peaks: found, share: 0 }), play: (share) => change({ share }) };
}
