// The recordings on the map, as dots; those that play now have rings going out from them.

import { ink, onSchemeChange } from "../drawing/palette.js";

/**
 * Adds the assets that have a place; returns {fill, add, remove, ring, renderer}: `fill(assets)` in place of all,
 * `add(asset)` for more, or for one that has changed, `remove(id)`, `ring(ids)` of those that play. One that is not `submitted` is drawn hollow.
 */
export function addDots(map, assets) {
  map.createPane("dots").style.zIndex = 350;
  const renderer = L.canvas({ pane: "dots", padding: 0.3, tolerance: 8 });
  const dots = new Map();
  const remove = (id) => {
    dots.get(id)?.remove();
    dots.delete(id);
  };
  const add = ({ id, description, latitude, longitude, submitted }) => {
    remove(id);
    if (latitude === null || longitude === null) return;
    const dot = L.circleMarker([latitude, longitude], { renderer, radius: 5, ...look(submitted) });
    dot.bindTooltip(document.createTextNode(description || "A recording"), { direction: "top", offset: [0, -6] });
    dots.set(id, Object.assign(dot.addTo(map).bringToBack(), { submitted }));
  };
  const fill = (all) => {
    [...dots.keys()].forEach(remove);
    all.forEach(add);
  };
  fill(assets);
  onSchemeChange(() => dots.forEach((dot) => dot.setStyle(look(dot.submitted))));
  return { fill, add, remove, ring: rings(map, dots), renderer };
}

const look = (submitted = true) =>
  submitted
    ? { weight: 2, color: ink("dot-rim"), fillColor: ink("dot"), fillOpacity: 1, dashArray: null }
    : { weight: 2, color: ink("accent"), fillColor: ink("dot"), fillOpacity: 0.6, dashArray: "3 3" };

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
