// The recordings on the map, as dots; those that play now have rings going out from them.

import { ink, onSchemeChange } from "./palette.js";

/** Adds the assets that have a place; returns {add, ring}: `add(asset)` for more, `ring(ids)` of those that play. */
export function addDots(map, assets) {
  map.createPane("dots").style.zIndex = 350;
  const renderer = L.canvas({ pane: "dots", padding: 0.3, tolerance: 8 });
  const dots = new Map();
  const colours = () => ({ color: ink("dot-rim"), fillColor: ink("dot") });
  const add = ({ id, description, latitude, longitude }) => {
    if (latitude === null || longitude === null) return;
    const look = { renderer, radius: 5, weight: 2, fillOpacity: 1, ...colours() };
    const dot = L.circleMarker([latitude, longitude], look);
    dot.bindTooltip(document.createTextNode(description || "A recording"), { direction: "top", offset: [0, -6] });
    dots.set(id, dot.addTo(map));
  };
  assets.forEach(add);
  onSchemeChange(() => dots.forEach((dot) => dot.setStyle(colours())));
  return { add, ring: rings(map, dots) };
}

function rings(map, dots) {
  const shown = new Map();
  return (playingIds) => {
    for (const [id, ring] of shown) {
      if (playingIds.has(id)) continue;
      ring.remove();
      shown.delete(id);
    }
    for (const id of playingIds) {
      if (!shown.has(id) && dots.has(id)) shown.set(id, ringAt(dots.get(id).getLatLng()).addTo(map));
    }
  };
}

function ringAt(place) {
  const icon = L.divIcon({ className: "dot-ring", iconSize: [44, 44] });
  return L.marker(place, { icon, interactive: false, keyboard: false, zIndexOffset: -500 });
}
