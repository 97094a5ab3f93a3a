// Colours that a canvas needs, read from the style sheet so that light and dark live in one place.

const HUES = [187, 262, 22, 142, 330, 217, 45, 0, 168, 292];
const dark = matchMedia("(prefers-color-scheme: dark)");

/** A colour from a custom property of the page, such as `ink("map-park")`. */
export const ink = (name) => getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();

/** The colour of the zone at this index: apart from its neighbours, legible on the map of either scheme. */
export function zoneColour(index) {
  const hue = HUES[index % HUES.length];
  return dark.matches ? `hsl(${hue} 80% 68%)` : `hsl(${hue} 72% 36%)`;
}

/** Calls `repaint` when light becomes dark or dark light; returns a function that ends this. */
export function onSchemeChange(repaint) {
  dark.addEventListener("change", repaint);
  return () => dark.removeEventListener("change", repaint);
}
