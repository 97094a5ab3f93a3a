// How loud the microphone is: bars that wander from right to left, and a word where something is wrong.

import { barContext, drawBars } from "../player/bars.js";

const FLOOR_DBFS = -60;
const EVERY_MS = 50;
const BARS = 64;
const FADED_BARS = 12;
const CLIPPED = 0.99;
const SILENT = 0.0003; // -70 dBFS: below the noise of any microphone that is on
const MEMORY_SECONDS = 2;

/** The level of samples from -1 to 1 as a share of what a person takes for full, 0 to 1. */
export function levelOf(samples) {
  const power = samples.reduce((sum, x) => sum + x * x, 0) / samples.length;
  const dbfs = 10 * Math.log10(power + 1e-12);
  return Math.min(1, Math.max(0, 1 - dbfs / FLOOR_DBFS));
}

export const peakOf = (samples) => samples.reduce((peak, x) => Math.max(peak, Math.abs(x)), 0);

/** What is wrong with a recording whose highest peak of late is this: "SILENT", "TOO_LOUD" or null. */
export function fault(peak, seconds) {
  if (peak >= CLIPPED) return "TOO_LOUD";
  return peak < SILENT && seconds >= MEMORY_SECONDS ? "SILENT" : null;
}

/**
 * Draws the stream's level; `looked(peak)` is called twenty times a second with the highest peak of the last two
 * seconds. Returns a function that ends it.
 */
export function watchLevel(stream, canvas, looked) {
  const audio = new AudioContext();
  const analyser = new AnalyserNode(audio, { fftSize: 4096 });
  audio.createMediaStreamSource(stream).connect(analyser);
  const samples = new Float32Array(analyser.fftSize);
  const levels = new Float32Array(BARS);
  const peaks = new Float32Array((MEMORY_SECONDS * 1000) / EVERY_MS);
  const context = barContext(canvas);

  const timer = setInterval(() => {
    analyser.getFloatTimeDomainData(samples);
    push(levels, levelOf(samples));
    push(peaks, peakOf(samples));
    drawBars(context, levels, (level, index) => (0.35 + 0.65 * level) * Math.min(1, (index + 1) / FADED_BARS));
    looked(Math.max(...peaks));
  }, EVERY_MS);
  return () => {
    clearInterval(timer);
    audio.close();
  };
}

function push(values, value) {
  values.copyWithin(0, 1);
  values[values.length - 1] = value;
}
