// The recordings on the map, as dots; those that play now have rings going out from them.

import { ink, onSchemeChange } from "./palette.js";

/** Adds the assets that have a place; returns a function that is given the ids of those that play. */
export function addDots(map, assets) {
  map.createPane("dots").style.zIndex = 350;
  const renderer = L.canvas({ pane: "dots", padding: 0.3, tolerance: 8 });
  const dots = new Map();
  for (const asset of assets) {
    if (asset.latitude === null || asset.longitude === null) continue;
    const dot = L.circleMarker([asset.latitude, asset.longitude], { renderer, radius: 5, weight: 2, fillOpacity: 1 });
    dot.bindTooltip(document.createTextNode(asset.description || "A recording"), { direction: "top", offset: [0, -6] });
    dots.set(asset.id, dot.addTo(map));
  }
  const paint = () => dots.forEach((dot) => dot.setStyle({ color: ink("dot-rim"), fillColor: ink("dot") }));
  onSchemeChange(paint);
  paint();
  return rings(map, dots);
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
