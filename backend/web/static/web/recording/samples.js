// What samples from -1 to 1 tell: how loud they are, their picture, and what is wrong with them. No page here.

const FLOOR_DBFS = -60;
const CLIPPED = 0.99;
const SILENT = 0.0003; // -70 dBFS: below the noise of any microphone that is on
const SILENT_SECONDS = 2;

/** The level as a share of what a person takes for full, 0 to 1. */
export function levelOf(samples) {
  const power = samples.reduce((sum, x) => sum + x * x, 0) / samples.length;
  const dbfs = 10 * Math.log10(power + 1e-12);
  return Math.min(1, Math.max(0, 1 - dbfs / FLOOR_DBFS));
}

export const peakOf = (samples) => samples.reduce((peak, x) => Math.max(peak, Math.abs(x)), 0);

/** The peaks of `count` stretches, as shares of the highest of them. */
export function peaks(samples, count) {
  const edge = (bar) => Math.floor((bar * samples.length) / count);
  const found = Float32Array.from({ length: count }, (_, bar) => peakOf(samples.subarray(edge(bar), edge(bar + 1))));
  const highest = Math.max(...found);
  return highest ? found.map((peak) => peak / highest) : found;
}

/** What is wrong with a recording whose highest peak of late is this: "SILENT", "TOO_LOUD" or null. */
export function fault(peak, seconds) {
  if (peak >= CLIPPED) return "TOO_LOUD";
  return peak < SILENT && seconds >= SILENT_SECONDS ? "SILENT" : null;
}
