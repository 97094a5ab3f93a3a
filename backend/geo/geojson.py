"""Shapes as GeoJSON: what clients and editors send, checked before it becomes a geometry."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from django.contrib.gis.geos import GEOSException, MultiPolygon, Polygon

from backend.errors import InvalidInput

WGS_84 = 4326
# A shape across the date line may count on past 180.
MOST_LONGITUDE = 360.0
MOST_VERTICES = 10_000

Point = tuple[float, float]
Ring = list[Point]


def multi_polygon(value: object, *, field: str = "shape") -> MultiPolygon:
    """A Polygon or MultiPolygon (a mapping or its JSON text) as a valid MultiPolygon, longitude first.

    Only its type and coordinates are read, and of these no height. Raises InvalidInput.
    """
    try:
        polygons = _polygons(json.loads(value) if isinstance(value, str | bytes) else value)
        shape = MultiPolygon([Polygon(*polygon) for polygon in polygons], srid=WGS_84)
        reason = "it is empty" if shape.empty else None if shape.valid else shape.valid_reason
    except (ValueError, TypeError, LookupError, RecursionError, GEOSException) as error:
        raise InvalidInput(f"Not a GeoJSON Polygon or MultiPolygon: {error}.", field=field) from None
    if reason is not None:
        raise InvalidInput(f"Not a valid shape: {reason}.", field=field)
    return shape


def _polygons(value: Any) -> list[list[Ring]]:
    if not isinstance(value, Mapping):
        raise TypeError("it must be an object")
    kind = value.get("type")
    if kind not in ("Polygon", "MultiPolygon"):
        raise ValueError(f"its type is {str(kind)[:40]}")
    if "coordinates" not in value:
        raise ValueError("it has no coordinates")
    given = [value["coordinates"]] if kind == "Polygon" else _list(value["coordinates"])
    polygons = [[_list(ring) for ring in _list(polygon)] for polygon in given]
    if sum(len(ring) for polygon in polygons for ring in polygon) > MOST_VERTICES:
        raise ValueError(f"it has more than {MOST_VERTICES} vertices")
    return [[_ring(ring) for ring in polygon] for polygon in polygons]


def _list(value: Any) -> Sequence[Any]:
    if not isinstance(value, list | tuple):
        raise TypeError("its coordinates must be lists of lists of positions")
    if len(value) > MOST_VERTICES:
        raise ValueError(f"it has more than {MOST_VERTICES} vertices")
    return value


def _ring(points: Sequence[Any]) -> Ring:
    ring = [_point(*_list(point)) for point in points]
    if len(ring) < 4:
        raise ValueError("a ring has at least four positions")
    if ring[0] != ring[-1]:
        raise ValueError("a ring is not closed: its first and last positions must be the same")
    return ring


def _point(longitude: Any = None, latitude: Any = None, *_height: Any) -> Point:
    for name, degrees, limit in (("longitude", longitude, MOST_LONGITUDE), ("latitude", latitude, 90.0)):
        if isinstance(degrees, bool) or not isinstance(degrees, int | float):
            raise TypeError("coordinates must be numbers")
        # False of NaN, too.
        if not abs(degrees) <= limit:
            raise ValueError(f"a {name} is out of range")
    return float(longitude), float(latitude)
