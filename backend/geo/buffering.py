"""A shape made smaller by metres, anywhere on the earth."""

import math
from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import cast

from django.contrib.gis.geos import LinearRing, LineString, MultiLineString, MultiPolygon, Polygon

Point = tuple[float, float]
# Closed; a polygon is its outer ring and then its holes.
Ring = Sequence[Point]
Rings = Sequence[Ring]

# WGS 84: the semi-major axis in metres and the first eccentricity squared.
SEMI_MAJOR_METRES = 6_378_137.0
ECCENTRICITY_SQUARED = 0.006_694_379_990_14

# A straight line in degrees bends in metres: edges are cut so that none is longer than this.
LONGEST_EDGE_DEGREES = 0.05
# Corners of a hole become arcs: 16 steps a quarter circle err by 0.1 % of the radius.
ARC_STEPS = 16


def outline(shape: MultiPolygon) -> MultiLineString:
    """All rings of the shape, holes included."""
    return MultiLineString([LineString(ring) for polygon in _polygons(shape) for ring in polygon], srid=shape.srid)


def inward_buffer(shape: MultiPolygon, metres: float) -> MultiLineString:
    """The line that lies `metres` inside the edge of the shape; empty where the shape is too narrow for it."""
    rings = [ring for polygon in _polygons(shape) for ring in _rings_inside(polygon, metres)]
    return MultiLineString([LineString(ring) for ring in rings], srid=shape.srid)


def _polygons(shape: MultiPolygon) -> tuple[Rings, ...]:
    return cast(tuple[Rings, ...], shape.coords)


def _rings_inside(polygon: Rings, metres: float) -> list[Ring]:
    plane = LocalPlane.around(polygon[0])
    flat = Polygon(*(LinearRing(_mapped(_cut(ring), plane.to_metres)) for ring in polygon))
    smaller = cast(Polygon | MultiPolygon, flat.buffer(-metres, quadsegs=ARC_STEPS))
    parts = _polygons(smaller if isinstance(smaller, MultiPolygon) else MultiPolygon(smaller))
    return [_mapped(ring, plane.to_degrees) for part in parts for ring in part if ring]


def _mapped(points: Ring, to: Callable[[float, float], Point]) -> Ring:
    return [to(point[0], point[1]) for point in points]


def _cut(ring: Ring) -> Ring:
    """The same ring with more points, so that its edges keep their course on another projection."""
    result = list(ring[:1])
    for start, end in pairwise(ring):
        pieces = max(1, math.ceil(math.dist(start[:2], end[:2]) / LONGEST_EDGE_DEGREES))
        result += [
            (start[0] + (end[0] - start[0]) * i / pieces, start[1] + (end[1] - start[1]) * i / pieces)
            for i in range(1, pieces + 1)
        ]
    return result


class LocalPlane:
    """An azimuthal equidistant plane: x east and y north of its centre, in metres.

    Spherical formulas, with the earth's two radii of curvature at the centre: within 1 % up to 1,000 km from it.
    """

    def __init__(self, longitude: float, latitude: float) -> None:
        self._longitude, self._latitude = math.radians(longitude), math.radians(latitude)
        self._sin, self._cos = math.sin(self._latitude), math.cos(self._latitude)
        flattening = 1 - ECCENTRICITY_SQUARED * self._sin**2
        self._north_metres = SEMI_MAJOR_METRES * (1 - ECCENTRICITY_SQUARED) / flattening**1.5
        self._east_metres = SEMI_MAJOR_METRES / math.sqrt(flattening)

    @classmethod
    def around(cls, points: Ring) -> "LocalPlane":
        """The plane whose centre is the mean of the points on the sphere, so the poles are places like others."""
        x = y = z = 0.0
        for longitude, latitude, *_ in points:
            east, north = math.radians(longitude), math.radians(latitude)
            x += math.cos(north) * math.cos(east)
            y += math.cos(north) * math.sin(east)
            z += math.sin(north)
        return cls(math.degrees(math.atan2(y, x)), math.degrees(math.atan2(z, math.hypot(x, y))))

    def to_metres(self, longitude: float, latitude: float) -> Point:
        """Degrees to metres east and north of the centre."""
        north, east = math.radians(latitude), math.radians(longitude) - self._longitude
        x = math.cos(north) * math.sin(east)
        y = self._cos * math.sin(north) - self._sin * math.cos(north) * math.cos(east)
        cos_angle = self._sin * math.sin(north) + self._cos * math.cos(north) * math.cos(east)
        angle = math.atan2(math.hypot(x, y), cos_angle)
        stretch = angle / math.sin(angle) if angle else 1.0
        return x * stretch * self._east_metres, y * stretch * self._north_metres

    def to_degrees(self, east_metres: float, north_metres: float) -> Point:
        """Metres east and north of the centre to degrees."""
        x, y = east_metres / self._east_metres, north_metres / self._north_metres
        angle = math.hypot(x, y)
        if not angle:
            return math.degrees(self._longitude), math.degrees(self._latitude)
        sin, cos = math.sin(angle), math.cos(angle)
        latitude = math.asin(cos * self._sin + y * sin * self._cos / angle)
        longitude = self._longitude + math.atan2(x * sin, angle * self._cos * cos - y * self._sin * sin)
        return math.remainder(math.degrees(longitude), 360), math.degrees(latitude)
