// The map under the sounds: OpenStreetMap shapes from this server, drawn on a canvas.

import { ink } from "../drawing/palette.js";
import { placeLabels } from "./labels.js";

const CREDIT = '© <a href="https://www.openstreetmap.org/copyright">OpenStreetMap</a> contributors';
const AREAS = ["sea", "water", "park", "square", "pier"];
const ROAD_METRES = { major: 13, street: 8, lane: 4, path: 1.6, steps: 2.5 };
const RAIL_METRES = { rail: 1.2, tram: 0.6 };
const CASED = ["major", "street", "lane"];

/** Adds the base map at `url`, its names beside those of `zones`; where there is none, the map stays a plain sheet. */
export async function addBasemap(map, url, zones) {
  const response = await fetch(url).catch(() => null);
  if (!response?.ok) return;
  draw(map, await response.json(), zones);
  map.attributionControl.addAttribution(CREDIT);
}

function draw(map, collection, zones) {
  map.createPane("basemap").style.zIndex = 150;
  const renderer = L.canvas({ pane: "basemap", padding: 0.3 });
  const layer = (keep, style) =>
    L.geoJSON(collection, { filter: ({ properties }) => keep(properties), style, renderer, interactive: false });
  const of = (...names) => (properties) => names.includes(properties.layer);
  const layers = [
    L.geoJSON(sheet(collection.bbox), { style: () => fill("land"), renderer, interactive: false }),
    ...AREAS.map((name) => layer(of(name), () => fill(name))),
    layer((one) => one.layer === "road" && CASED.includes(one.kind), (one) => casing(map, one.properties)),
    layer(of("road"), (one) => road(map, one.properties)),
    layer(of("rail"), (one) => rail(map, one.properties)),
    layer(of("building"), () => ({ ...fill("building"), stroke: true, weight: 0.7, color: ink("map-wall") })),
  ].map((one) => one.addTo(map));
  placeLabels(collection, zones).addTo(map);
  map.on("zoomend repaint", () => layers.forEach((one) => one.setStyle(one.options.style)));
}

const fill = (name) => ({ stroke: false, fillColor: ink(`map-${name}`), fillOpacity: 1 });

function sheet([west, south, east, north]) {
  const ring = [[west, south], [east, south], [east, north], [west, north], [west, south]];
  return { type: "Feature", properties: {}, geometry: { type: "Polygon", coordinates: [ring] } };
}

function pixels(map, metres) {
  const metresPerPixel = (40_075_017 * Math.cos((map.getCenter().lat * Math.PI) / 180)) / (256 * 2 ** map.getZoom());
  return metres / metresPerPixel;
}

function road(map, { kind }) {
  const weight = Math.max(0.8, pixels(map, ROAD_METRES[kind]));
  const isTrodden = kind === "path" || kind === "steps";
  const dashes = { path: `${weight * 2.5} ${weight * 1.5}`, steps: `${weight * 0.4} ${weight * 0.5}` };
  return {
    weight,
    color: ink(isTrodden ? "map-path" : "map-road"),
    lineCap: isTrodden ? "butt" : "round",
    dashArray: dashes[kind] ?? null,
  };
}

function casing(map, { kind }) {
  return { weight: pixels(map, ROAD_METRES[kind]) + 1.6, color: ink("map-casing") };
}

function rail(map, { kind }) {
  return { weight: Math.max(0.5, pixels(map, RAIL_METRES[kind])), color: ink("map-rail"), opacity: 0.8 };
}
