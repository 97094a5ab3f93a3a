"""How values look in the old API: times without a zone, GeoJSON, absolute addresses of media."""

from datetime import UTC, datetime
from typing import Any

from django.conf import settings

NO_LINES = {"type": "MultiLineString", "coordinates": ()}

GeoJson = dict[str, Any]


def moment(value: datetime | None) -> str | None:
    """A time in UTC; without a zone, which iOS could not read."""
    return None if value is None else value.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds")


def geo_json(value: Any) -> GeoJson | None:
    """A geometry of GEOS, longitude first."""
    return None if value is None else {"type": value.geom_type, "coordinates": value.coords}


def line(value: GeoJson | None) -> GeoJson | None:
    """Lines that are only one as a LineString, which is what web clients measure distances to."""
    if value is None or value["type"] != "MultiLineString" or len(value["coordinates"]) != 1:
        return value
    return {"type": "LineString", "coordinates": value["coordinates"][0]}


def whole(value: float | None) -> float | None:
    """A number that clients read as an integer, where it is one."""
    return int(value) if value is not None and value == int(value) else value


def absolute(address: str) -> str:
    """An address of this server with its host; any other as it is."""
    return f"{settings.PUBLIC_URL}{address}" if address.startswith("/") else address
