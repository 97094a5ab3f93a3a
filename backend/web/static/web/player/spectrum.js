// The level as bars, low tones left, high tones right: a sign of life beside the play button.

import { barContext, drawBars } from "../drawing/bars.js";
import { onSchemeChange } from "../drawing/palette.js";

const BARS = 28;
const LOWEST_HZ = 80;
const HIGHEST_HZ = 9000;
const FLOOR_DB = -85;
const CEILING_DB = -20;
const FALL = 0.75;
// Enough for the eye, and it leaves the time to the map.
const FRAME_MS = 50;

/** Draws what `analyser()` sees on the canvas while `isOn()`; call the returned function to begin. */
export function spectrum(canvas, { analyser, isOn }) {
  const levels = new Float32Array(BARS);
  const context = barContext(canvas);
  const draw = () => drawBars(context, levels, (level) => 0.3 + 0.7 * level);
  let timer = null;

  function frame() {
    const now = isOn() ? read(analyser()) : new Float32Array(BARS);
    levels.forEach((old, bar) => (levels[bar] = Math.max(now[bar], old * FALL)));
    draw();
    if (isOn() || levels.some((level) => level > 0.01)) return;
    clearInterval(timer);
    timer = null;
  }
  onSchemeChange(draw);
  draw();
  return () => (timer ??= setInterval(frame, FRAME_MS));
}

function read(analyser) {
  const decibels = new Float32Array(analyser.frequencyBinCount);
  analyser.getFloatFrequencyData(decibels);
  const binHz = analyser.context.sampleRate / analyser.fftSize;
  const edge = (bar) => Math.floor((LOWEST_HZ * (HIGHEST_HZ / LOWEST_HZ) ** (bar / BARS)) / binHz);
  return Float32Array.from({ length: BARS }, (_, bar) => {
    const peak = Math.max(...decibels.subarray(edge(bar), Math.max(edge(bar) + 1, edge(bar + 1))));
    return Math.min(1, Math.max(0, (peak - FLOOR_DB) / (CEILING_DB - FLOOR_DB)));
  });
}
