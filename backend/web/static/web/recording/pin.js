// The place of a recording on the map: a needle beside the headphones, which may move on.

/** A pin that is not there until it is put; {put(place), remove(), place}. */
export function makePin(map) {
  const html = document.getElementById("pin").content.cloneNode(true).firstElementChild;
  const icon = L.divIcon({ html, className: "pin", iconSize: [36, 72], iconAnchor: [18, 72] });
  const marker = L.marker([0, 0], { icon, interactive: false, keyboard: false, zIndexOffset: 2000 });
  return {
    put: (place) => marker.setLatLng(place).addTo(map),
    remove: () => marker.remove(),
    get place() {
      return marker.getLatLng();
    },
  };
}
