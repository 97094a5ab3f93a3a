// A recording as a picture: its peaks as bars, those that have been played in full colour.

import { barContext, drawBars } from "./bars.js";
import { onSchemeChange } from "./palette.js";

const BARS = 64;

export const NO_PEAKS = new Float32Array(BARS);

/** A picture on the canvas: `show(peaks)`, `play(share)` for how much of it has been played, `release()` at its end. */
export function waveform(canvas) {
  const context = barContext(canvas);
  let shown = { peaks: NO_PEAKS, share: 0 };
  const draw = () =>
    drawBars(context, shown.peaks, (_, index) => (index < shown.share * shown.peaks.length ? 1 : 0.4));
  const forget = onSchemeChange(draw);
  // Also when it is shown after a time of being hidden.
  const resized = new ResizeObserver(draw);
  resized.observe(canvas);
  const change = (part) => {
    shown = { ...shown, ...part };
    draw();
  };
  const release = () => {
    forget();
    resized.disconnect();
  };
  return { show: (peaks) => change({ peaks, share: 0 }), play: (share) => change({ share }), release };
}
