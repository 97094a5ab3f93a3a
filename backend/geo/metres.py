"""How far something is from a place, asked of the database: the same metres on SpatiaLite and PostGIS."""

from typing import Any

from django.db.models import FloatField, Func
from django.db.models.expressions import Combinable

from backend.geo.position import Position

LONGITUDE_LATITUDE = "+proj=longlat +datum=WGS84 +no_defs"


class MetresDistance(Func):
    """From `position` to the nearest point of a geometry on the WGS 84 ellipsoid; null without one, 0 within a shape.

    SpatiaLite's own distance to a shape takes the point that is nearest in degrees: up to 24 % wrong at 60° north.
    So the shape is laid on the plane around the position (azimuthal, equidistant) on which every distance from its
    centre is true. PostGIS measures geographies so by itself.
    """

    output_field = FloatField()

    def __init__(self, geometry: str | Combinable, position: Position) -> None:
        super().__init__(geometry)
        self.position = position

    def as_sqlite(self, compiler: Any, connection: Any, **extra: Any) -> tuple[str, tuple[Any, ...]]:
        """Called by Django for SpatiaLite."""
        geometry, params = compiler.compile(self.source_expressions[0])
        plane = f"+proj=aeqd +lat_0={self.position.latitude!r} +lon_0={self.position.longitude!r} +datum=WGS84 +units=m"
        # The number of the reference system only has to be the same on both sides.
        sql = f"ST_Distance(ST_Transform({geometry}, 4326, NULL, %s, %s), MakePoint(0, 0, 4326))"
        return sql, (*params, LONGITUDE_LATITUDE, plane)

    def as_postgresql(self, compiler: Any, connection: Any, **extra: Any) -> tuple[str, tuple[Any, ...]]:
        """Called by Django for PostGIS."""
        geometry, params = compiler.compile(self.source_expressions[0])
        sql = f"ST_Distance(({geometry})::geography, ST_SetSRID(ST_MakePoint(%s, %s), 4326)::geography)"
        return sql, (*params, self.position.longitude, self.position.latitude)
