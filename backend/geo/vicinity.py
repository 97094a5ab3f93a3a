"""Shapes and places as they are near one place: prepared once, then asked from all around it at little cost."""

import math
from functools import lru_cache

import numpy as np

from backend.geo.earth import ECCENTRICITY_SQUARED, SEMI_MAJOR_METRES, Floats, Viewpoint
from backend.geo.position import Position
from backend.geo.shapes import Indices, Plane, ShapeField


class Ground:
    """The plane of a place: its points are metres to the east, and to the north as the imaginary part."""

    __slots__ = ("_east", "_north", "_x", "_y", "_z")

    def __init__(self, position: Position) -> None:
        longitude, latitude = math.radians(position.longitude), math.radians(position.latitude)
        self._x, self._y, self._z = _place(position)
        self._east = (-math.sin(longitude), math.cos(longitude))
        self._north = (
            -math.sin(latitude) * math.cos(longitude),
            -math.sin(latitude) * math.sin(longitude),
            math.cos(latitude),
        )

    def point(self, position: Position) -> complex:
        """Where a position is, right to 1 mm within 10 km."""
        x, y, z = _place(position)
        x, y, z = x - self._x, y - self._y, z - self._z
        (east_x, east_y), (north_x, north_y, north_z) = self._east, self._north
        return complex(east_x * x + east_y * y, north_x * x + north_y * y + north_z * z)


class NearShapes:
    """How deep points within `metres` of a place lie inside some shapes, as far as that lies between two bounds.

    Most shapes are so far away, or so large, that all around the place they are beyond their bounds. Of the others
    only the sides count that may be the nearest one, and those that a line to the east may cross.
    """

    def __init__(self, shapes: ShapeField, position: Position, *, metres: float, low: Floats, high: Floats) -> None:
        """`low` and `high` are for every shape."""
        self.here = self._answer = shapes.metres_inside(position)
        self._varying = np.flatnonzero((self.here + metres > low) & (self.here - metres < high))
        self._low, self._high = low[self._varying], high[self._varying]
        # What was answered last of the varying shapes, where, and how far from there it holds.
        self._last, self._last_point, self._holds_for = self.here[self._varying], 0j, 0.0
        if len(self._varying):
            sides = shapes.take(self._varying).sides(position)
            self._keep_nearest(*sides, metres)
            self._keep_crossed(*sides, metres)

    def metres_inside(self, point: complex) -> Floats:
        """For every shape: exact between its bounds, else something beyond the same bound.

        `point` is in the plane of the place. While nothing comes between its bounds the answer is the same object.
        """
        if not len(self._varying) or abs(point - self._last_point) < self._holds_for:
            return self._answer
        away = self._begin - point
        fraction = np.minimum(np.maximum((away * self._inverse).real, 0), 1)
        metres = np.minimum.reduceat(np.abs(away + fraction * self._side), self._first)
        self._last, self._last_point = self._signed(metres, point), point
        self._holds_for = float(np.maximum(self._low - self._last, self._last - self._high).min())
        self._answer = self.here.copy()
        self._answer[self._varying] = self._last
        return self._answer

    def _signed(self, metres: Floats, point: complex) -> Floats:
        """Negative outside. Who went less far than to the nearest side has crossed none."""
        if abs(point - self._last_point) < np.abs(self._last).min():
            return np.copysign(metres, self._last)
        crossings = np.bincount(self._crossing_owners[self._are_crossed(point)], minlength=len(metres))
        return np.where(crossings & 1, metres, -metres)

    def _keep_nearest(self, begin: Plane, end: Plane, owners: Indices, metres: float) -> None:
        side = end - begin
        inverse = -side.conj() / np.maximum(np.abs(side) ** 2, 1e-12)
        away = np.abs(begin + np.clip((begin * inverse).real, 0, 1) * side)
        kept = away <= np.abs(self.here[self._varying])[owners] + 2 * metres
        self._begin, self._side, self._inverse = begin[kept], side[kept], inverse[kept]
        self._first = np.searchsorted(owners[kept], np.arange(len(self._varying)))

    def _keep_crossed(self, begin: Plane, end: Plane, owners: Indices, metres: float) -> None:
        """A side is the line east = `_at_zero` + `_per_north` x north between two norths."""
        kept = np.minimum(begin.imag, end.imag) <= metres
        kept &= np.maximum(begin.imag, end.imag) >= -metres
        kept &= begin.imag != end.imag
        begin, end, self._crossing_owners = begin[kept], end[kept], owners[kept]
        self._per_north = (end.real - begin.real) / (end.imag - begin.imag)
        self._at_zero = begin.real - self._per_north * begin.imag
        self._begin_norths, self._end_norths = begin.imag.copy(), end.imag.copy()

    def _are_crossed(self, point: complex) -> Indices:
        """Even-odd, by the line from the point to the east."""
        north = point.imag
        is_level = (self._begin_norths > north) != (self._end_norths > north)
        crossed: Indices = (is_level & (self._at_zero + self._per_north * north > point.real)).nonzero()[0]
        return crossed


class PlaceField:
    """Many places, sorted so that those near a position are found without asking all of them."""

    def __init__(self, places: Floats) -> None:
        """`places` has shape (3, n) and holds NaN for what has no place."""
        known = np.flatnonzero(np.isfinite(places[0]))
        spread = np.ptp(places[:, known], axis=1) if len(known) else np.zeros(3)
        self._places = places
        self._axis = int(np.argmax(spread))
        self._order = known[np.argsort(places[self._axis, known], kind="stable")]
        self._sorted = places[self._axis, self._order]

    def within(self, position: Position, metres: float) -> tuple[Indices, Plane]:
        """The places within so many metres, by ascending index, and where each is in the plane of the position."""
        viewpoint = Viewpoint(position)
        middle = float(viewpoint.place[self._axis, 0])
        first, last = np.searchsorted(self._sorted, (middle - metres, middle + metres))
        # A way along the surface is never shorter than along one axis.
        close = self._order[first:last]
        indices = np.sort(close[viewpoint.metres(self._places[:, close]) <= metres])
        east, north = viewpoint.plane(self._places[:, indices])
        plane: Plane = east + 1j * north
        return indices, plane


# Several grounds are asked about the same step.
@lru_cache(maxsize=64)
def _place(position: Position) -> tuple[float, float, float]:
    """As `earth.places` has it; one place is quicker without arrays."""
    longitude, latitude = math.radians(position.longitude), math.radians(position.latitude)
    sine, cosine = math.sin(latitude), math.cos(latitude)
    normal = SEMI_MAJOR_METRES / math.sqrt(1 - ECCENTRICITY_SQUARED * sine * sine)
    return (
        normal * cosine * math.cos(longitude),
        normal * cosine * math.sin(longitude),
        normal * (1 - ECCENTRICITY_SQUARED) * sine,
    )
