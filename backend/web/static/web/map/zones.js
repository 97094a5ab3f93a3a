// All zones of a project on the map: their fades, borders and names, glowing with what is heard.

import { onSchemeChange, zoneColour } from "../drawing/palette.js";
import { innermost } from "./geometry.js";
import { Zone, rings } from "./zone.js";

const latLngs = (geometry) => rings(geometry).map((ring) => ring.map(([lng, lat]) => [lat, lng]));

/** Adds the speakers that have a shape; returns {fill, zones, bounds, named, glow}. */
export function addZones(map, speakers) {
  map.createPane("zones").style.zIndex = 300;
  map.createPane("zone-names").style.zIndex = 360;
  const renderer = L.canvas({ pane: "zones", padding: 0.3 });
  let all = [];
  let drawn = [];
  const fill = (now) => {
    drawn.forEach(({ layers }) => layers.forEach((layer) => layer.remove()));
    all = now;
    drawn = all.filter(({ shape }) => shape).map((speaker, index) => draw(map, renderer, speaker, index));
  };
  fill(speakers);
  onSchemeChange(() => drawn.forEach((one) => one.paint()));
  return {
    /** Shows these speakers in place of all. */
    fill,
    get zones() {
      return drawn.map(({ speaker, centre }) => ({ id: speaker.id, code: speaker.code, centre }));
    },
    get bounds() {
      return L.latLngBounds(drawn.map(({ shape }) => shape.getBounds()));
    },
    /** The code of any speaker, and its zone's colour if it has a zone. */
    named: (speakerId) => {
      const index = drawn.findIndex(({ speaker }) => speaker.id === speakerId);
      const colour = index < 0 ? null : zoneColour(index);
      return { code: all.find(({ id }) => id === speakerId)?.code ?? "A new zone", colour };
    },
    /** Shows how loud each zone is: `gain(speakerId)` is linear. */
    glow: (gain) => drawn.forEach(({ shape, speaker }) => glow(shape, gain(speaker.id) / (speaker.maxVolume || 1))),
  };
}

function draw(map, renderer, speaker, index) {
  const shape = new Zone(latLngs(speaker.shape), { renderer, fadeMetres: speaker.attenuationMetres }).addTo(map);
  const border = L.polyline(latLngs(speaker.attenuationBorder), {
    renderer, weight: 1, dashArray: "4 5", opacity: 0.7, interactive: false,
  }).addTo(map);
  const [lng, lat] = innermost(rings(speaker.shape));
  const name = L.tooltip([lat, lng], {
    content: document.createTextNode(speaker.code), pane: "zone-names", permanent: true, direction: "center",
    className: "zone-name", opacity: 1, offset: [0, -14],
  }).addTo(map);
  const paint = () => {
    const color = zoneColour(index);
    shape.setStyle({ color });
    border.setStyle({ color });
    name.getElement().style.setProperty("--zone", color);
  };
  paint();
  return { speaker, shape, layers: [shape, border, name], paint, centre: { lat, lng } };
}

function glow(shape, gain) {
  if (Math.abs(shape.options.gain - gain) < 0.01) return;
  shape.setStyle({ gain, weight: gain > 0.01 ? 2.5 : 1.5 });
}
