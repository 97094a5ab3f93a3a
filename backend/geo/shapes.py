"""Many shapes at once: how deep a position lies inside each of them, or how far outside."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

import numpy as np
from numpy.typing import NDArray

from backend.geo.earth import Floats, Viewpoint, places
from backend.geo.position import Position

# A ring is closed, of (longitude, latitude); a polygon is its outer ring and then its holes.
Ring = tuple[tuple[float, float], ...]
Polygon = tuple[Ring, ...]
MultiPolygon = tuple[Polygon, ...]

# A side that is straight in degrees bends on the ground: 2 m off at 75 degrees over this length.
LONGEST_SIDE_METRES = 5_000.0
MOST_PIECES_OF_A_SIDE = 64


@dataclass(frozen=True, slots=True, eq=False)
class ShapeField:
    """Shapes as one run of sides, so that numpy asks all of them at once. Made by `of`."""

    count: int
    _starts: Floats
    _ends: Floats
    _start_places: Floats
    _end_places: Floats
    _polygon_longitudes: Floats
    _polygon_sides: NDArray[np.intp]
    _shape_polygons: NDArray[np.intp]
    _shape_sides: NDArray[np.intp]
    _filled: NDArray[np.intp]

    @classmethod
    def of(cls, shapes: Sequence[MultiPolygon]) -> "ShapeField":
        """A shape without polygons is allowed: nothing is inside it or near it."""
        polygons = [_sides(polygon) for shape in shapes for polygon in shape]
        sides = np.concatenate(polygons) if polygons else np.empty((0, 2, 2))
        filled = [index for index, shape in enumerate(shapes) if shape]
        polygon_sides = _offsets([len(polygon) for polygon in polygons])
        shape_polygons = _offsets([len(shapes[index]) for index in filled])
        return cls(
            count=len(shapes),
            _starts=sides[:, 0],
            _ends=sides[:, 1],
            _start_places=places(sides[:, 0, 0], sides[:, 0, 1]),
            _end_places=places(sides[:, 1, 0], sides[:, 1, 1]),
            _polygon_longitudes=np.repeat(
                [polygon[:, 0, 0].mean() for polygon in polygons], [len(polygon) for polygon in polygons]
            ),
            _polygon_sides=polygon_sides,
            _shape_polygons=shape_polygons,
            _shape_sides=polygon_sides[shape_polygons],
            _filled=np.array(filled, dtype=np.intp),
        )

    def metres_inside(self, position: Position) -> Floats:
        """Metres to the nearest side (of a hole too): positive inside, negative outside, -inf without a shape."""
        result = np.full(self.count, -np.inf)
        if len(self._filled):
            nearest = np.minimum.reduceat(self._metres_to_sides(position), self._shape_sides)
            result[self._filled] = np.where(self._are_around(position), nearest, -nearest)
        return result

    def _metres_to_sides(self, position: Position) -> Floats:
        viewpoint = Viewpoint(position)
        start, end = viewpoint.plane(self._start_places), viewpoint.plane(self._end_places)
        side = end - start
        squared_length = np.maximum(np.square(side).sum(axis=0), 1e-12)
        fraction = np.clip(-(start * side).sum(axis=0) / squared_length, 0, 1)
        metres: Floats = np.hypot(*(start + side * fraction))
        return metres

    def _are_around(self, position: Position) -> NDArray[np.bool_]:
        """Even-odd in degrees, a polygon at a time; a polygon may count its longitudes past 180."""
        turns = 360 * np.round((self._polygon_longitudes - position.longitude) / 360)
        east = position.longitude + turns
        start, end = self._starts, self._ends
        is_crossed = (start[:, 1] > position.latitude) != (end[:, 1] > position.latitude)
        rise = np.where(is_crossed, end[:, 1] - start[:, 1], 1.0)
        crossing = start[:, 0] + (position.latitude - start[:, 1]) * (end[:, 0] - start[:, 0]) / rise
        crossings = np.add.reduceat(is_crossed & (east < crossing), self._polygon_sides, dtype=np.intp)
        return np.logical_or.reduceat(crossings % 2 == 1, self._shape_polygons)


def _sides(polygon: Polygon) -> Floats:
    """Shape (sides, 2, 2): start and end of every side of every ring, as (longitude, latitude)."""
    return np.concatenate([_ring_sides(np.asarray(ring, dtype=np.float64)) for ring in polygon])


def _ring_sides(ring: Floats) -> Floats:
    following = np.roll(ring, -1, axis=0)
    lengths = np.linalg.norm(places(*ring.T) - places(*following.T), axis=0)
    pieces = np.clip(np.ceil(lengths / LONGEST_SIDE_METRES), 1, MOST_PIECES_OF_A_SIDE).astype(np.intp)
    start, whole, count = (np.repeat(values, pieces, axis=0) for values in (ring, following - ring, pieces))
    piece = np.arange(len(start)) - np.repeat(np.cumsum(pieces) - pieces, pieces)
    return np.stack([start + whole * (piece / count)[:, None], start + whole * ((piece + 1) / count)[:, None]], axis=1)


def _offsets(lengths: Sequence[int]) -> NDArray[np.intp]:
    return np.array(list(accumulate(lengths, initial=0))[:-1], dtype=np.intp)
