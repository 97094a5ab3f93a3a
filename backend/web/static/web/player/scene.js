// The map of a project with everything that stands on it.

import { addBasemap } from "./basemap.js";
import { nodes } from "./connection.js";
import { addDots } from "./dots.js";
import { addHeadphones } from "./headphones.js";
import { onSchemeChange } from "./palette.js";
import { addZones } from "./zones.js";

const STREET_ZOOM = 16;

/** Draws the project; `moved(place)` when a person moves the headphones. Returns {map, zones, dots, headphones}. */
export function drawScene(project, basemapUrl, moved) {
  const map = L.map("map", { zoomControl: false, minZoom: 11, maxZoom: 20, zoomSnap: 0.25 });
  L.control.zoom({ position: "bottomright" }).addTo(map);
  L.control.scale({ imperial: false, position: "bottomleft" }).addTo(map);
  map.attributionControl.setPrefix(false);
  onSchemeChange(() => map.fire("repaint"));

  const start = L.latLng(project.latitude, project.longitude);
  map.setView(start, STREET_ZOOM);
  const zones = addZones(map, nodes(project.speakers).filter(({ isActive }) => isActive));
  if (zones.bounds.isValid()) lookAt(map, zones.bounds.extend(start), start);
  addBasemap(map, basemapUrl, zones.zones);
  const dots = addDots(map, nodes(project.assets).filter(({ mediaType }) => mediaType === "AUDIO"));
  return { map, zones, dots, headphones: addHeadphones(map, start, moved) };
}

// All zones where they fit at a zoom that shows streets by name; otherwise the surroundings of the start.
function lookAt(map, bounds, start) {
  map.fitBounds(bounds, { padding: [24, 24], maxZoom: 18, animate: false });
  if (map.getZoom() < STREET_ZOOM) map.setView(start, STREET_ZOOM, { animate: false });
}
