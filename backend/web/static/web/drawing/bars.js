// Levels as rounded bars around a middle line: the spectrum, the microphone, a recording.

import { ink } from "./palette.js";

/** A context for `drawBars`: drawn by the processor, which for a few bars is quicker than the graphics card. */
export const barContext = (canvas) => canvas.getContext("2d", { willReadFrequently: true });

/** Draws levels from 0 to 1, first to last from left to right; `opacity(level, index)` is 0 to 1. */
export function drawBars(context, levels, opacity) {
  const { width, height } = fitted(context.canvas);
  context.clearRect(0, 0, width, height);
  context.fillStyle = ink("accent");
  const step = width / levels.length;
  levels.forEach((level, index) => {
    const high = Math.max(step * 0.5, level * height);
    context.globalAlpha = opacity(level, index);
    context.beginPath();
    context.roundRect(index * step + step * 0.2, (height - high) / 2, step * 0.6, high, step * 0.3);
    context.fill();
  });
}

function fitted(canvas) {
  const [width, height] = [canvas.clientWidth, canvas.clientHeight].map((side) => Math.round(side * devicePixelRatio));
  if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
  return canvas;
}
