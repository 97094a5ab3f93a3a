"""Values that GraphQL has no type of its own for."""

from collections.abc import Mapping
from typing import Any, NewType

import orjson
import strawberry
from django.core.files.uploadedfile import UploadedFile
from strawberry.file_uploads import Upload
from strawberry.types.scalar import ScalarDefinition

GeoJSON = NewType("GeoJSON", object)
BigInt = NewType("BigInt", int)
Peaks = NewType("Peaks", list[float])

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


def _file(value: object) -> object:
    if not isinstance(value, UploadedFile):
        raise ValueError("Upload is a file of a multipart request, where `map` leads to it.")
    return value


def _never_shown(value: object) -> object:
    raise ValueError("Upload is only sent.")


def _as_it_is(value: object) -> object:
    return value


def _never_sent(value: object) -> object:
    raise ValueError("Peaks are only shown.")


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
    Upload: strawberry.scalar(
        name="Upload",
        description="A file, sent along as GraphQL's multipart request specification says: null in the variables.",
        specified_by_url="https://github.com/jaydenseric/graphql-multipart-request-spec",
        serialize=_never_shown,
        parse_value=_file,
    ),
    # As a list of Float each number would cost graphql-core three microseconds: half a second for 100 waveforms.
    Peaks: strawberry.scalar(
        name="Peaks",
        description="Numbers from -1 to 1 in their order, as a JSON array: one scalar, so that long lists stay cheap.",
        serialize=_as_it_is,
        parse_value=_never_sent,
    ),
}
