// The listener on the map: headphones that are dragged, pushed with arrow keys, or put where the map is clicked.

import { displaced } from "../map/geometry.js";

const STEP_METRES = 5;
const STRIDE_METRES = 25;
const ARROWS = { ArrowUp: [0, 1], ArrowDown: [0, -1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] };
const LABEL =
  "You, the listener. Arrow keys move you by 5 metres, with Shift by 25 metres. You can also drag, or click the map.";

/** Puts the headphones on the map at `place`; `moved(place)` is called when a person moves them. */
export function addHeadphones(map, place, moved) {
  const drawing = document.getElementById("headphones").content.cloneNode(true).firstElementChild;
  const icon = L.divIcon({ html: drawing, className: "headphones", iconSize: [56, 56], iconAnchor: [28, 28] });
  const marker = L.marker(place, { icon, draggable: true, autoPan: true, zIndexOffset: 1000, alt: LABEL }).addTo(map);
  const element = marker.getElement();
  element.setAttribute("aria-label", LABEL);
  element.setAttribute("aria-roledescription", "movable marker");

  const put = (next) => {
    marker.setLatLng(next);
    if (!map.getBounds().pad(-0.1).contains(next)) map.panTo(next);
  };
  const move = (next) => {
    put(next);
    moved(next);
  };
  marker.on("drag", () => moved(marker.getLatLng()));
  map.on("click", ({ latlng }) => move(latlng));
  element.addEventListener("keydown", (event) => pushed(event, marker, move));
  return {
    put,
    get place() {
      return marker.getLatLng();
    },
  };
}

function pushed(event, marker, move) {
  const arrow = ARROWS[event.key];
  if (!arrow || event.ctrlKey || event.altKey || event.metaKey) return;
  // The map would pan, and the page scroll.
  event.preventDefault();
  event.stopPropagation();
  const metres = event.shiftKey ? STRIDE_METRES : STEP_METRES;
  move(displaced(marker.getLatLng(), arrow[0] * metres, arrow[1] * metres));
}
