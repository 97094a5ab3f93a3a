// The level as bars, low tones left, high tones right: a sign of life beside the play button.

const BARS = 28;
const LOWEST_HZ = 80;
const HIGHEST_HZ = 9000;
const FLOOR_DB = -85;
const CEILING_DB = -20;
const FALL = 0.82;

/** Draws what `analyser()` sees on the canvas while `isOn()`; call the returned function to begin. */
export function spectrum(canvas, { analyser, isOn }) {
  const levels = new Float32Array(BARS);
  let running = false;

  function frame() {
    const now = isOn() ? read(analyser()) : new Float32Array(BARS);
    levels.forEach((old, bar) => (levels[bar] = Math.max(now[bar], old * FALL)));
    draw(canvas, levels);
    running = isOn() || levels.some((level) => level > 0.01);
    if (running) requestAnimationFrame(frame);
  }
  draw(canvas, levels);
  return () => {
    if (running) return;
    running = true;
    requestAnimationFrame(frame);
  };
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

function draw(canvas, levels) {
  const scale = devicePixelRatio;
  const [width, height] = [canvas.clientWidth * scale, canvas.clientHeight * scale];
  if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
  const context = canvas.getContext("2d");
  context.clearRect(0, 0, width, height);
  context.fillStyle = getComputedStyle(canvas).color;
  const step = width / BARS;
  levels.forEach((level, bar) => {
    const high = Math.max(step * 0.5, level * height);
    context.globalAlpha = 0.3 + 0.7 * level;
    context.beginPath();
    context.roundRect(bar * step + step * 0.2, (height - high) / 2, step * 0.6, high, step * 0.3);
    context.fill();
  });
}
