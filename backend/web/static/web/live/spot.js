// Where the contribution that is looked at belongs.

/** A mark on the map: call with an asset to put it there, with null to take it away. */
export function spot(map) {
  const icon = L.divIcon({ className: "spot", iconSize: [34, 34] });
  const mark = L.marker([0, 0], { icon, interactive: false, keyboard: false, zIndexOffset: 500 });
  let shownId = null;
  return function show(asset) {
    const isPlaced = asset !== null && asset.latitude !== null && asset.longitude !== null;
    if (!isPlaced) mark.remove();
    else if (asset.id !== shownId) reveal(map, mark.setLatLng([asset.latitude, asset.longitude]).addTo(map));
    shownId = isPlaced ? asset.id : null;
  };
}

function reveal(map, mark) {
  if (!map.getBounds().pad(-0.05).contains(mark.getLatLng())) map.panTo(mark.getLatLng());
}
