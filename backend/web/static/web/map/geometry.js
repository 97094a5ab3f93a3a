// Small distances on the map, in metres, on a flat earth around the place at hand.

const METRES_PER_DEGREE = 111_195; // of latitude: the mean radius 6,371 km × π / 180

const metresPerLongitude = (latitude) => METRES_PER_DEGREE * Math.cos((latitude * Math.PI) / 180);

/** The position `east` and `north` metres from here. */
export function displaced({ lat, lng }, east, north) {
  return { lat: lat + north / METRES_PER_DEGREE, lng: lng + east / metresPerLongitude(lat) };
}

/** Metres from a GeoJSON point [lng, lat] to the nearest edge of some rings of such points. */
export function metresToEdge(point, rings) {
  const scale = [metresPerLongitude(point[1]), METRES_PER_DEGREE];
  const local = (other) => [(other[0] - point[0]) * scale[0], (other[1] - point[1]) * scale[1]];
  const edges = rings.flatMap((ring) => ring.slice(1).map((end, index) => [local(ring[index]), local(end)]));
  return Math.min(...edges.map(([start, end]) => originToSegment(start, end)));
}

function originToSegment([ax, ay], [bx, by]) {
  const [dx, dy] = [bx - ax, by - ay];
  const along = -(ax * dx + ay * dy) / (dx * dx + dy * dy || 1);
  const clamped = Math.min(1, Math.max(0, along));
  return Math.hypot(ax + clamped * dx, ay + clamped * dy);
}

const GRID = 24;

/** A point [lng, lat] deep inside a shape, as far from its edges as a grid of tries finds. */
export function innermost(rings) {
  const [lngs, lats] = [0, 1].map((axis) => rings.flat().map((point) => point[axis]));
  const span = (values, step) => Math.min(...values) + ((Math.max(...values) - Math.min(...values)) * step) / GRID;
  let best = { point: rings[0][0], metres: -1 };
  for (let x = 1; x < GRID; x++) {
    for (let y = 1; y < GRID; y++) {
      const point = [span(lngs, x), span(lats, y)];
      const metres = isInside(point, rings) ? metresToEdge(point, rings) : -1;
      if (metres > best.metres) best = { point, metres };
    }
  }
  return best.point;
}

/** Whether a point lies within rings, holes being rings too: a ray crosses an odd number of edges. */
export function isInside([x, y], rings) {
  let inside = false;
  for (const ring of rings) {
    for (let end = 1; end < ring.length; end++) {
      const [[ax, ay], [bx, by]] = [ring[end - 1], ring[end]];
      if (ay > y !== by > y && x < ax + ((bx - ax) * (y - ay)) / (by - ay)) inside = !inside;
    }
  }
  return inside;
}
