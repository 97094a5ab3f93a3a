// Names on the base map: streets along their longest straight stretch, squares, parks and waters in their middle.

const RANK = { major: 0, square: 1, water: 2, park: 3, street: 4, path: 5, lane: 6 };
const LETTER_PX = 6.2;
const LINE_PX = 14;
const LEAST_ZOOM = 15.5;

/**
 * A layer with the names of a base map's features; at each zoom those that fit without touching each other
 * or the names of `taken`, a list of {code, centre}.
 */
export function placeLabels(collection, taken) {
  const named = collection.features.filter(({ properties }) => properties.name).map(label);
  named.sort((a, b) => a.rank - b.rank || b.length - a.length);
  const others = taken.map(({ code, centre: { lat, lng } }) => ({ name: code, from: [lng, lat], to: [lng, lat] }));
  return new Labels(named, others);
}

function label({ properties, geometry }) {
  const rank = RANK[properties.layer === "road" ? properties.kind : properties.layer] ?? 7;
  const [from, to] = properties.layer === "road" ? longestStretch(geometry) : middle(geometry);
  const length = Math.hypot(to[0] - from[0], to[1] - from[1]);
  return { name: properties.name, kind: properties.layer, rank, from, to, length };
}

function longestStretch({ type, coordinates }) {
  const lines = type === "MultiLineString" ? coordinates : [coordinates];
  let best = [lines[0][0], lines[0][0]];
  let longest = -1;
  for (const line of lines) {
    for (let end = 1; end < line.length; end++) {
      const [a, b] = [line[end - 1], line[end]];
      const length = Math.hypot((b[0] - a[0]) / 2, b[1] - a[1]); // a longitude is half a latitude at 60° north
      if (length > longest) [best, longest] = [[a, b], length];
    }
  }
  return best;
}

function middle({ type, coordinates }) {
  const ring = type === "MultiPolygon" ? coordinates[0][0] : coordinates[0];
  const bounds = L.latLngBounds(ring.map(([lng, lat]) => [lat, lng]));
  const centre = [bounds.getCenter().lng, bounds.getCenter().lat];
  return [centre, centre];
}

const Labels = L.Layer.extend({
  initialize(named, others) {
    this._named = named;
    this._others = others;
  },

  onAdd(map) {
    this._box = L.DomUtil.create("div", "map-labels leaflet-zoom-hide", map.createPane("labels"));
    this._box.setAttribute("aria-hidden", "true");
    map.getPane("labels").style.zIndex = 250;
    this._place();
  },

  onRemove() {
    this._box.remove();
  },

  getEvents() {
    return { zoomend: this._place, viewreset: this._place };
  },

  _place() {
    const shown = [];
    const taken = this._others.map((other) => this._spot(other));
    if (this._map.getZoom() >= LEAST_ZOOM) {
      for (const one of this._named) {
        const spot = this._spot(one);
        if (spot && ![...shown, ...taken].some((other) => collides(spot, other))) shown.push(spot);
      }
    }
    this._box.replaceChildren(...shown.map(drawn));
  },

  // Where a name would stand at this zoom, or null where its street is too short for it.
  _spot({ name, kind, from, to }) {
    const [a, b] = [from, to].map(([lng, lat]) => this._map.latLngToLayerPoint([lat, lng]));
    const width = name.length * LETTER_PX;
    if (kind === "road" && a.distanceTo(b) < width) return null;
    const turn = kind === "road" ? Math.atan2(b.y - a.y, b.x - a.x) : 0;
    // Never upside down.
    const angle = Math.abs(turn) > Math.PI / 2 ? turn + Math.PI : turn;
    return { name, kind, angle, width, x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 };
  },
});

// Boxes that stand straight around turned names: a little too careful, and enough.
function collides(a, b) {
  if (a.name === b.name) return true;
  const [p, q] = [extent(a), extent(b)];
  return Math.abs(a.x - b.x) < p.x + q.x && Math.abs(a.y - b.y) < p.y + q.y;
}

function extent({ angle, width }) {
  const [cos, sin] = [Math.abs(Math.cos(angle)), Math.abs(Math.sin(angle))];
  return { x: (width * cos + LINE_PX * sin) / 2, y: (width * sin + LINE_PX * cos) / 2 };
}

function drawn({ name, kind, angle, x, y }) {
  const element = document.createElement("span");
  element.className = `map-label map-label-${kind}`;
  element.textContent = name;
  element.style.transform = `translate(${x}px, ${y}px) translate(-50%, -50%) rotate(${angle}rad)`;
  return element;
}
