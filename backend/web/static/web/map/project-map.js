// The map of a project: streets, zones, and recordings.

import { onSchemeChange } from "../drawing/palette.js";
import { nodes } from "../server/nodes.js";
import { addBasemap } from "./basemap.js";
import { addDots } from "./dots.js";
import { addZones } from "./zones.js";

// It shows streets by name.
const STREET_ZOOM = 16;

/**
 * Draws the project in the element `#map`: all its zones, if they fit at `leastZoom`, else where it begins.
 * Returns {map, start, zones, dots}.
 */
export function drawProject(project, basemapUrl, leastZoom = STREET_ZOOM) {
  const map = L.map("map", { zoomControl: false, minZoom: 11, maxZoom: 20, zoomSnap: 0.25 });
  L.control.zoom({ position: "bottomright" }).addTo(map);
  L.control.scale({ imperial: false, position: "bottomleft" }).addTo(map);
  map.attributionControl.setPrefix(false);
  new ResizeObserver(() => map.invalidateSize({ pan: false })).observe(map.getContainer());
  onSchemeChange(() => map.fire("repaint"));

  const start = L.latLng(project.latitude, project.longitude);
  map.setView(start, STREET_ZOOM);
  const zones = addZones(map, speakersOf(project));
  if (zones.bounds.isValid()) lookAt(map, zones.bounds.extend(start), { start, leastZoom });
  addBasemap(map, basemapUrl, zones.zones);
  const dots = addDots(map, nodes(project.assets).filter(({ mediaType }) => mediaType === "AUDIO"));
  return { map, start, zones, dots };
}

/** The speakers of a project that are in use. */
export const speakersOf = ({ speakers }) => nodes(speakers).filter(({ isActive }) => isActive);

/** Shows all that `drawProject` has drawn at any size of the map, until somebody moves it. */
export function keepInView({ map, start, zones }, leastZoom) {
  if (!zones.bounds.isValid()) return;
  const look = () => lookAt(map, zones.bounds.extend(start), { start, leastZoom });
  map.on("resize", look);
  for (const touch of ["pointerdown", "wheel", "keydown"]) {
    map.getContainer().addEventListener(touch, () => map.off("resize", look), { once: true });
  }
}

function lookAt(map, bounds, { start, leastZoom }) {
  map.fitBounds(bounds, { padding: [24, 24], maxZoom: 18, animate: false });
  if (map.getZoom() < leastZoom) map.setView(start, STREET_ZOOM, { animate: false });
}
