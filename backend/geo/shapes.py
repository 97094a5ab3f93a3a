"""Many shapes at once: how deep a position lies inside each of them, or how far outside."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

import numpy as np
from numpy.typing import NDArray

from backend.geo.earth import MEAN_RADIUS_METRES, Floats, Viewpoint, places
from backend.geo.position import Position

# A ring is closed, of (longitude, latitude); a polygon is its outer ring and then its holes.
Ring = tuple[tuple[float, float], ...]
Polygon = tuple[Ring, ...]
MultiPolygon = tuple[Polygon, ...]

Indices = NDArray[np.intp]
# Points of a plane: metres to the east, and to the north as the imaginary part.
Plane = NDArray[np.complex128]

# A side that is straight in degrees bends on the ground: 2 m off at 75 degrees over this length.
LONGEST_SIDE_METRES = 5_000.0
MOST_PIECES_OF_A_SIDE = 64


@dataclass(frozen=True, slots=True, eq=False)
class ShapeField:
    """Shapes as one run of corners, so that numpy asks all of them at once. Made by `of`.

    Every corner begins a side, which ends at the corner `_next`; `_polygon_corners` and `_shape_corners` are the
    first corners of the polygons and shapes, `_shape_polygons` the first polygons of the shapes that have any. The
    boxes, of earth-centred metres, hold all that is inside a shape: an earth-centred box knows no date line.
    """

    count: int
    _longitudes: Floats
    _latitudes: Floats
    _places: Floats
    _next: Indices
    _polygon_longitudes: Floats
    _polygon_corners: Indices
    _shape_polygons: Indices
    _shape_corners: Indices
    _corner_counts: Indices
    _polygon_counts: Indices
    _filled: Indices
    _box_middles: Floats
    _box_halves: Floats

    @classmethod
    def of(cls, shapes: Sequence[MultiPolygon]) -> "ShapeField":
        """A shape without polygons is allowed: nothing is inside it or near it."""
        polygons = [[_corners(ring) for ring in polygon] for shape in shapes for polygon in shape]
        rings = [ring for polygon in polygons for ring in polygon]
        corners = np.concatenate([np.empty((0, 2)), *rings])
        filled = [index for index, shape in enumerate(shapes) if shape]
        sizes = [sum(len(ring) for ring in polygon) for polygon in polygons]
        polygon_corners = _offsets(sizes)
        shape_polygons = _offsets([len(shapes[index]) for index in filled])
        corner_places = places(corners[:, 0], corners[:, 1])
        box_middles, box_halves = _boxes(corner_places, polygon_corners[shape_polygons])
        return cls(
            count=len(shapes),
            _longitudes=corners[:, 0].copy(),
            _latitudes=corners[:, 1].copy(),
            _places=corner_places,
            _next=_following([len(ring) for ring in rings]),
            _polygon_longitudes=np.repeat([polygon[0][:, 0].mean() for polygon in polygons], sizes),
            _polygon_corners=polygon_corners,
            _shape_polygons=shape_polygons,
            _shape_corners=polygon_corners[shape_polygons],
            _corner_counts=np.diff(polygon_corners[shape_polygons], append=len(corners)),
            _polygon_counts=np.diff(shape_polygons, append=len(polygon_corners)),
            _filled=np.array(filled, dtype=np.intp),
            _box_middles=box_middles,
            _box_halves=box_halves,
        )

    def take(self, indices: Indices) -> "ShapeField":
        """These shapes alone, in this order; each of them must have a polygon."""
        chosen = np.searchsorted(self._filled, indices)
        corner_counts, polygon_counts = self._corner_counts[chosen], self._polygon_counts[chosen]
        corners = _runs(self._shape_corners[chosen], corner_counts)
        polygons = _runs(self._shape_polygons[chosen], polygon_counts)
        shape_corners = _offsets(corner_counts)
        moved = self._shape_corners[chosen] - shape_corners
        return ShapeField(
            count=len(indices),
            _longitudes=self._longitudes[corners],
            _latitudes=self._latitudes[corners],
            _places=self._places[:, corners],
            _next=self._next[corners] - np.repeat(moved, corner_counts),
            _polygon_longitudes=self._polygon_longitudes[corners],
            _polygon_corners=self._polygon_corners[polygons] - np.repeat(moved, polygon_counts),
            _shape_polygons=_offsets(polygon_counts),
            _shape_corners=shape_corners,
            _corner_counts=corner_counts,
            _polygon_counts=polygon_counts,
            _filled=np.arange(len(indices)),
            _box_middles=self._box_middles[:, chosen],
            _box_halves=self._box_halves[:, chosen],
        )

    def within(self, position: Position, metres: float) -> Indices:
        """The shapes that are perhaps within so many metres of the position; the others are farther for certain."""
        if not len(self._filled):
            return self._filled
        away = np.abs(self._box_middles - Viewpoint(position).place)
        return self._filled[(away <= self._box_halves + metres).all(axis=0)]

    def sides(self, position: Position) -> tuple[Plane, Plane, Indices]:
        """Where every side begins and ends in the plane of the position, and of which shape it is; shapes ascend."""
        begin = Viewpoint(position).plane(self._places)
        owners = np.repeat(self._filled, self._corner_counts)
        return _complex(begin), _complex(begin[:, self._next]), owners

    def metres_inside(self, position: Position) -> Floats:
        """Metres to the nearest side (of a hole too): positive inside, negative outside, -inf without a shape."""
        result = np.full(self.count, -np.inf)
        if len(self._filled):
            nearest = np.minimum.reduceat(self._metres_to_sides(position), self._shape_corners)
            result[self._filled] = np.where(self._are_around(position), nearest, -nearest)
        return result

    def _metres_to_sides(self, position: Position) -> Floats:
        start = Viewpoint(position).plane(self._places)
        side = start[:, self._next] - start
        squared_length = np.maximum(np.square(side).sum(axis=0), 1e-12)
        fraction = np.clip(-(start * side).sum(axis=0) / squared_length, 0, 1)
        metres: Floats = np.hypot(*(start + side * fraction))
        return metres

    def _are_around(self, position: Position) -> NDArray[np.bool_]:
        """Even-odd in degrees, a polygon at a time; a polygon may count its longitudes past 180."""
        turns = 360 * np.round((self._polygon_longitudes - position.longitude) / 360)
        east = self._longitudes - position.longitude - turns
        north = self._latitudes - position.latitude
        next_east, next_north = east[self._next], north[self._next]
        is_crossed = (north > 0) != (next_north > 0)
        rise = np.where(is_crossed, next_north - north, 1.0)
        is_east = east * rise - north * (next_east - east) > 0
        is_east ^= rise < 0
        crossings = np.add.reduceat(is_crossed & is_east, self._polygon_corners, dtype=np.intp)
        return np.logical_or.reduceat(crossings % 2 == 1, self._shape_polygons)


def _corners(ring: Ring) -> Floats:
    """Shape (corners, 2) as (longitude, latitude), with more corners where sides are long."""
    corners = np.asarray(ring, dtype=np.float64)
    following = np.roll(corners, -1, axis=0)
    lengths = np.linalg.norm(places(*corners.T) - places(*following.T), axis=0)
    pieces = np.clip(np.ceil(lengths / LONGEST_SIDE_METRES), 1, MOST_PIECES_OF_A_SIDE).astype(np.intp)
    piece = np.arange(pieces.sum()) - np.repeat(np.cumsum(pieces) - pieces, pieces)
    fraction = (piece / np.repeat(pieces, pieces))[:, None]
    cut: Floats = corners.repeat(pieces, axis=0) + (following - corners).repeat(pieces, axis=0) * fraction
    return cut


def _following(sizes: Sequence[int]) -> Indices:
    """The corner that each corner's side leads to, ring by ring."""
    rings = [np.roll(np.arange(size), -1) + offset for size, offset in zip(sizes, _offsets(sizes), strict=True)]
    return np.concatenate([np.empty(0, dtype=np.intp), *rings])


def _boxes(corners: Floats, first_corners: Indices) -> tuple[Floats, Floats]:
    """Middle and half size of each shape's box, shape (3, shapes) each."""
    if not len(first_corners):
        return np.empty((3, 0)), np.empty((3, 0))
    low = np.minimum.reduceat(corners, first_corners, axis=1)
    high = np.maximum.reduceat(corners, first_corners, axis=1)
    diagonals = np.linalg.norm(high - low, axis=0)
    # The inside of a shape bulges out of the box of its corners: as high as the earth between two ends of a chord.
    bulges = np.where(diagonals < MEAN_RADIUS_METRES, 1 + diagonals**2 / (6 * MEAN_RADIUS_METRES), np.inf)
    return (low + high) / 2, (high - low) / 2 + bulges


def _complex(points: Floats) -> Plane:
    plane: Plane = points[0] + 1j * points[1]
    return plane


def _offsets(lengths: Sequence[int] | Indices) -> Indices:
    return np.array(list(accumulate(lengths, initial=0))[:-1], dtype=np.intp)


def _runs(first: Indices, counts: Indices) -> Indices:
    """The indices of several runs, one after the other."""
    ends = np.cumsum(counts)
    run: Indices = np.arange(counts.sum()) + np.repeat(first - (ends - counts), counts)
    return run
