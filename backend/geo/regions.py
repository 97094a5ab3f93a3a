"""Conditions on where something is: the same answers on SpatiaLite and PostGIS, found by their spatial indexes."""

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Any

from django.contrib.gis.geos import MultiPolygon, Point, Polygon
from django.db.models import BooleanField, F, Func, Q
from django.db.models.lookups import LessThanOrEqual

from backend.errors import InvalidInput
from backend.geo.geojson import MOST_LONGITUDE, WGS_84
from backend.geo.metres import MetresDistance
from backend.geo.position import Position

# Half the way around the earth, and a little more.
MOST_METRES = 20_100_000.0
# The least radius of curvature (of the meridian at the equator), so that boxes are rather too large.
LEAST_RADIUS_METRES = 6_335_439.0


@dataclass(frozen=True, slots=True)
class Box:
    """Degrees, west < east and south < north; one across the date line counts on past 180."""

    west: float
    south: float
    east: float
    north: float

    @classmethod
    def around(cls, position: Position, metres: float) -> "Box":
        """A box that holds every place within `metres`."""
        angle = 1.01 * metres / LEAST_RADIUS_METRES + 1e-6
        south, north = position.latitude - math.degrees(angle), position.latitude + math.degrees(angle)
        if south <= -90 or north >= 90 or angle >= math.pi / 2:
            return cls(-180.0, max(south, -90.0), 180.0, min(north, 90.0))
        half = math.degrees(math.asin(math.sin(angle) / math.cos(math.radians(position.latitude))))
        return cls(position.longitude - half, south, position.longitude + half, north)

    @classmethod
    def shown(cls, west: float, south: float, east: float, north: float, *, field: str | None = None) -> "Box":
        """What a map shows, which goes across the date line when it ends west of its beginning. Raises InvalidInput."""
        if max(abs(west), abs(east)) > 180 or max(abs(south), abs(north)) > 90:
            raise InvalidInput("Longitudes go from -180 to 180 degrees, latitudes from -90 to 90.", field=field)
        if west == east or south >= north:
            raise InvalidInput("West and east must differ, and south be less than north.", field=field)
        return cls(west, south, east if west < east else east + 360, north)

    def contains(self, position: Position) -> bool:
        """Whether it lies within, or on the border."""
        is_between = any(self.west <= position.longitude + turn <= self.east for turn in (0.0, 360.0))
        return is_between and self.south <= position.latitude <= self.north

    def moved(self, degrees: float) -> "Box":
        """The same, further east."""
        return Box(self.west + degrees, self.south, self.east + degrees, self.north)

    @property
    def polygon(self) -> Polygon:
        """As a geometry."""
        made = Polygon.from_bbox((self.west, self.south, self.east, self.north))
        made.srid = WGS_84
        return made


def lies_within(column: str, area: MultiPolygon) -> Q:
    """The whole of it lies in the area, or on its border. Edges are straight in degrees, as RFC 7946 has them."""
    return _any(
        column,
        ((Box(*copy.extent), Q(**{f"{column}__coveredby": copy})) for copy in _copies(area)),
    )


def meets(column: str, box: Box) -> Q:
    """Some of it lies in the box, or on its border."""
    boxes = _around_the_world(box)
    return _any(column, ((each, Q(**{f"{column}__intersects": each.polygon})) for each in boxes))


def holds(column: str, position: Position) -> Q:
    """The position lies in it, or on its border. Edges are straight in degrees."""
    there = Box(position.longitude, position.latitude, position.longitude, position.latitude)
    return _any(
        column,
        (
            (each, Q(**{f"{column}__intersects": Point(each.west, each.south, srid=WGS_84)}))
            for each in _around_the_world(there)
        ),
    )


def is_within_metres(column: str, position: Position, metres: float) -> Q:
    """Some of it is at most so far from the position."""
    is_near = Q(LessThanOrEqual(MetresDistance(column, position), metres))
    return _any(column, ((each, is_near) for each in _around_the_world(Box.around(position, metres))))


def _any(column: str, conditions: Iterable[tuple[Box, Q]]) -> Q:
    """Where there is a geometry, which may be found by the index, and one of the conditions holds."""
    found = reduce(or_, (Q(MayMeet(column, box)) & exact for box, exact in conditions), Q(pk__in=[]))
    # Known to be null, so that the opposite of the condition holds where there is no geometry.
    return Q(**{f"{column}__isnull": False}) & found


def _turns(west: float, east: float) -> Iterator[float]:
    """Turns of the world after which a range of longitudes still meets those that geometries may have."""
    yield from (
        turn for turn in (0.0, -360.0, 360.0) if west + turn <= MOST_LONGITUDE and east + turn >= -MOST_LONGITUDE
    )


def _around_the_world(box: Box) -> Iterator[Box]:
    return (box.moved(turn) for turn in _turns(box.west, box.east))


def _copies(area: MultiPolygon) -> Iterator[MultiPolygon]:
    west, _, east, _ = area.extent
    for turn in _turns(west, east):
        yield _moved(area, turn) if turn else area


def _moved(area: MultiPolygon, degrees: float) -> MultiPolygon:
    polygons: Any = area.coords
    return MultiPolygon(
        [Polygon(*([(x + degrees, y) for x, y in ring] for ring in polygon)) for polygon in polygons], srid=area.srid
    )


class MayMeet(Func):
    """Whether the box of a geometry column meets this box, by the column's spatial index alone: perhaps too often."""

    output_field = BooleanField()
    conditional = True

    def __init__(self, column: str | F, box: Box) -> None:
        super().__init__(column)
        self.box = box

    def as_sqlite(self, compiler: Any, connection: Any, **extra: Any) -> tuple[str, tuple[Any, ...]]:
        """Called by Django for SpatiaLite, whose indexes are tables: Django itself never looks into them."""
        column: Any = self.source_expressions[0]
        model, quote = column.target.model, compiler.quote_name_unless_alias
        index = quote(f"idx_{model._meta.db_table}_{column.target.column}")
        sql = (
            f"{quote(column.alias)}.{quote(model._meta.pk.column)} IN"
            f" (SELECT pkid FROM {index} WHERE xmin <= %s AND xmax >= %s AND ymin <= %s AND ymax >= %s)"
        )
        return sql, (self.box.east, self.box.west, self.box.north, self.box.south)

    def as_postgresql(self, compiler: Any, connection: Any, **extra: Any) -> tuple[str, tuple[Any, ...]]:
        """Called by Django for PostGIS."""
        column, params = compiler.compile(self.source_expressions[0])
        box = self.box
        sql = f"{column} && ST_MakeEnvelope(%s, %s, %s, %s, 4326)"
        return sql, (*params, box.west, box.south, box.east, box.north)
