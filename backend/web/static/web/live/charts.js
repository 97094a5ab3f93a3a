// Small charts of figures over the last ten minutes.

import { ink, onSchemeChange } from "../drawing/palette.js";
import { History } from "./history.js";

const SECONDS = 600;
const HEIGHT = 64;
const nowSeconds = () => Date.now() / 1000;

/**
 * A chart in a figure: call with the value once a second, null where it is not known.
 * `write(value)` gives it in words, `top(highest)` the top of the scale.
 */
export function chart(figure, shown) {
  const history = new History(SECONDS, nowSeconds());
  const canvas = figure.querySelector("div");
  const number = figure.querySelector("figcaption span");
  const plot = new globalThis.uPlot(options(canvas.clientWidth, history, shown), data(history), canvas);
  new ResizeObserver(() => plot.setSize({ width: canvas.clientWidth, height: HEIGHT })).observe(canvas);
  onSchemeChange(() => plot.redraw());
  return function push(value) {
    history.push(nowSeconds(), value);
    plot.setData(data(history));
    number.textContent = value === null ? "–" : shown.write(value);
  };
}

const data = ({ times, values }) => [times, values];

function options(width, history, { write, top }) {
  return {
    width: Math.max(width, 1),
    height: HEIGHT,
    padding: [8, 0, 7, 0],
    cursor: { show: false },
    legend: { show: false },
    scales: {
      x: { range: () => [nowSeconds() - SECONDS, nowSeconds()] },
      y: { range: () => [0, top(history.highest)] },
    },
    axes: [{ show: false }, axis(write)],
    series: [{}, { stroke: () => ink("accent"), fill: () => ink("accent-soft"), width: 1.5, points: { show: false } }],
  };
}

function axis(write) {
  return {
    size: 38,
    gap: 3,
    space: 18,
    font: "11px system-ui, sans-serif",
    stroke: () => ink("ink-soft"),
    grid: { stroke: () => ink("line"), width: 1 },
    ticks: { show: false },
    values: (_, splits) => splits.map(write),
    splits: (plot) => [0, plot.scales.y.max],
  };
}

/** The top of a scale for counts: a round number above the highest. */
export const roundTop = (highest) => [4, 10, 20, 50, 100, 200, 500, 1000].find((top) => highest <= top) ?? highest;
