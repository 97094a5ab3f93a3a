// How loud the microphone is: bars that wander from right to left.

import { barContext, drawBars } from "../drawing/bars.js";
import { levelOf, peakOf } from "./samples.js";

const EVERY_MS = 50;
const MEMORY_SECONDS = 2;
const BARS = 64;
const FADED_BARS = 12;

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
