"""The coordinates of a geometry, all at once: GEOS hands out one number a call, which is 10 to 25 µs a point."""

from struct import Struct, unpack_from
from typing import Any

from django.contrib.gis.geos import GEOSGeometry

# Well-known binary, as GEOS writes it here: a byte for the order of bytes (little-endian), a kind, a count, the parts.
_KIND, _COUNT = Struct("<xI"), Struct("<I")
_POINT, _LINE, _POLYGON = 1, 2, 3


def coordinates(geometry: GEOSGeometry) -> Any:
    """What `geometry.coords` is: nested tuples, longitude first. Of a geometry without heights."""
    found, _ = _geometry(bytes(geometry.wkb), 0)
    return found


def _geometry(wkb: bytes, at: int) -> tuple[Any, int]:
    """What begins at a byte, and the byte after it."""
    (kind,) = _KIND.unpack_from(wkb, at)
    at += _KIND.size
    if kind == _POINT:
        return unpack_from("<2d", wkb, at), at + 16
    return _points(wkb, at) if kind == _LINE else _parts(wkb, at, are_rings=kind == _POLYGON)


def _parts(wkb: bytes, at: int, *, are_rings: bool) -> tuple[Any, int]:
    (count,) = _COUNT.unpack_from(wkb, at)
    at += _COUNT.size
    parts = []
    for _ in range(count):
        part, at = _points(wkb, at) if are_rings else _geometry(wkb, at)
        parts.append(part)
    return tuple(parts), at


def _points(wkb: bytes, at: int) -> tuple[Any, int]:
    (count,) = _COUNT.unpack_from(wkb, at)
    at += _COUNT.size
    numbers = iter(unpack_from(f"<{2 * count}d", wkb, at))
    return tuple(zip(numbers, numbers, strict=True)), at + 16 * count
