"""From a column of a model to the GraphQL type of its values."""

import datetime as dt
from enum import Enum
from typing import Any

import strawberry
from django.contrib.gis.db.models import GeometryField
from django.db import models

from schema.enums import ENUMS
from schema.scalars import BigInt, GeoJSON

# The first that fits: an IntegerField's relatives stand before it.
TYPES: "tuple[tuple[type[models.Field[Any, Any]], Any], ...]" = (
    (GeometryField, GeoJSON),
    (models.BooleanField, bool),
    (models.DateTimeField, dt.datetime),
    (models.UUIDField, strawberry.ID),
    (models.BigIntegerField, BigInt),
    (models.PositiveBigIntegerField, BigInt),
    (models.IntegerField, int),
    (models.FloatField, float),
    (models.CharField, str),
    (models.TextField, str),
)


def column_type(column: "models.Field[Any, Any]") -> Any:
    """The Python annotation of a column; raises LookupError for a kind that has none yet."""
    kind = enum_of(column) or _kind(column)
    return kind | None if column.null else kind


def enum_of(column: "models.Field[Any, Any]") -> type[Enum] | None:
    """The GraphQL enum of a column that holds a closed set of texts."""
    if not column.choices or not isinstance(column, models.CharField):
        return None
    values = tuple(value for value, _ in column.flatchoices)
    if values not in ENUMS:
        raise LookupError(f"{column.model.__name__}.{column.name} has choices without an enum in schema/enums.py.")
    return ENUMS[values]


def _kind(column: "models.Field[Any, Any]") -> Any:
    for kind, annotation in TYPES:
        if isinstance(column, kind):
            return annotation
    raise LookupError(f"{type(column).__name__} of {column.model.__name__}.{column.name} has no GraphQL type.")
