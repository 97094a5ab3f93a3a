"""From a column of a model to the GraphQL type of its values: strawberry-django's map, ours where that is weaker."""

from enum import Enum
from typing import Any

import strawberry
from django.contrib.gis.db.models import GeometryField
from django.db import models
from strawberry_django.fields.types import field_type_map

from schema.enums import ENUMS
from schema.scalars import BigInt, GeoJSON

# Theirs: Int, which has 32 bits; a scalar for UUIDs, which are ids here; bare arrays of coordinates.
field_type_map.update(
    {
        models.BigIntegerField: BigInt,
        models.PositiveBigIntegerField: BigInt,
        models.UUIDField: strawberry.ID,
        **{kind: GeoJSON for kind in field_type_map if issubclass(kind, GeometryField)},
    }
)


def column_type(column: "models.Field[Any, Any]") -> Any:
    """The annotation of a column: its enum, else what strawberry-django makes of it."""
    kind = enum_of(column)
    if kind is None:
        return strawberry.auto
    return kind | None if column.null else kind


def value_type(column: "models.Field[Any, Any]") -> Any:
    """What its values are, where it depends on more than the column whether they may be null."""
    return enum_of(column) or next(field_type_map[kind] for kind in type(column).__mro__ if kind in field_type_map)


def enum_of(column: "models.Field[Any, Any]") -> type[Enum] | None:
    """The GraphQL enum of a column that holds a closed set of texts."""
    if not column.choices or not isinstance(column, models.CharField):
        return None
    values = tuple(value for value, _ in column.flatchoices)
    if values not in ENUMS:
        raise LookupError(f"{column.model.__name__}.{column.name} has choices without an enum in schema/enums.py.")
    return ENUMS[values]
