"""Values that GraphQL has no type of its own for."""

from collections.abc import Mapping
from typing import Any, NewType

import orjson
import strawberry
from strawberry.types.scalar import ScalarDefinition

GeoJSON = NewType("GeoJSON", object)
BigInt = NewType("BigInt", int)

MOST_SIGNIFICANT = 2**63


def _geometry(text: str) -> Any:
    return orjson.loads(text)


def _object(value: object) -> object:
    """The geometry as it was sent; `backend.geo.geojson` reads it, whose refusals name the field."""
    if not isinstance(value, Mapping) or not isinstance(value.get("type"), str) or "coordinates" not in value:
        raise ValueError("GeoJSON is an object with a type and coordinates.")
    return value


def _integer(value: object) -> int:
    try:
        number = int(str(value))
    except ValueError:
        raise ValueError("BigInt is a whole number.") from None
    if not -MOST_SIGNIFICANT <= number < MOST_SIGNIFICANT:
        raise ValueError("BigInt has 64 bits.")
    return number


SCALARS: dict[object, ScalarDefinition] = {
    GeoJSON: strawberry.scalar(
        name="GeoJSON",
        description="A geometry as RFC 7946 writes it: its type and its coordinates, longitude before latitude.",
        specified_by_url="https://datatracker.ietf.org/doc/html/rfc7946",
        serialize=_geometry,
        parse_value=_object,
    ),
    BigInt: strawberry.scalar(
        name="BigInt",
        description="A whole number of 64 bits, as text: JavaScript's numbers would round it.",
        serialize=str,
        parse_value=_integer,
    ),
}
