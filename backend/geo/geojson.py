"""Shapes as GeoJSON: what clients and editors send, checked before it becomes a geometry."""

import json
import math
from collections.abc import Mapping
from typing import Any

from django.contrib.gis.geos import GEOSException, MultiPolygon, Polygon

from backend.errors import InvalidInput

WGS_84 = 4326
# A shape across the date line may count on past 180.
MOST_LONGITUDE = 360.0


def multi_polygon(value: object, *, field: str = "shape") -> MultiPolygon:
    """A Polygon or MultiPolygon (a mapping or its JSON text) as a valid MultiPolygon, longitude first.

    Raises InvalidInput. A third coordinate is left out.
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


def _polygons(value: Any) -> list[list[list[tuple[float, float]]]]:
    if not isinstance(value, Mapping):
        raise TypeError("it must be an object")
    kind, coordinates = value.get("type"), value["coordinates"]
    if kind not in ("Polygon", "MultiPolygon"):
        raise ValueError(f"its type is {kind}")
    polygons = [coordinates] if kind == "Polygon" else coordinates
    return [[[_point(*point) for point in ring] for ring in polygon] for polygon in polygons]


def _point(longitude: Any, latitude: Any, *_height: Any) -> tuple[float, float]:
    for degrees, limit in ((longitude, MOST_LONGITUDE), (latitude, 90.0)):
        if isinstance(degrees, bool) or not isinstance(degrees, int | float):
            raise TypeError("coordinates must be numbers")
        if not math.isfinite(degrees) or abs(degrees) > limit:
            raise ValueError(f"{degrees} is out of range")
    return float(longitude), float(latitude)
