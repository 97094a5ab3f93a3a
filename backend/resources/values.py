"""What a client sends becomes what a row holds: shapes are read, times get a zone, related rows are found."""

import datetime as dt
from collections.abc import Iterable
from typing import Any, TypeAlias

from django.contrib.gis.db.models import MultiPolygonField
from django.core.exceptions import ValidationError
from django.db.models import DateTimeField, Field, Model
from django.utils import timezone

from backend.errors import InvalidInput
from backend.geo.geojson import multi_polygon
from backend.resources.cleaning import invalid
from backend.resources.resource import Resource
from backend.resources.viewer import Viewer

Column: TypeAlias = "Field[Any, Any]"

# So many rows may be named at once, in a relation or to be deleted.
MOST_KEYS = 500


def is_many(column: Column) -> bool:
    """Whether it leads to many rows."""
    return bool(column.many_to_many or column.one_to_many)


def read_value(column: Column, given: Any) -> Any:
    """What the column holds for this; its own rules are asked later. Raises InvalidInput."""
    if given is None:
        return "" if _is_cleared_by_nothing(column) else None
    if isinstance(column, MultiPolygonField):
        return multi_polygon(given, field=column.name)
    if isinstance(column, DateTimeField):
        return _instant(column, given)
    return given


def read_relation(column: Column, given: Any, resource: Resource[Any], viewer: Viewer) -> Model | list[Model] | None:
    """The row or the rows of `resource` that the keys lead to, in one statement. Raises NotFound, InvalidInput."""
    if is_many(column):
        return resource.find_all(bounded(given or (), field=column.name), viewer, field=column.name)
    return None if given is None else resource.find(given, viewer, field=column.name)


def bounded(keys: Iterable[object], *, field: str) -> list[object]:
    """The keys, each once. Raises InvalidInput when they are too many, or no list."""
    try:
        once = list(dict.fromkeys(keys))
    except TypeError:
        raise InvalidInput("Must be a list of ids.", field=field) from None
    if len(once) > MOST_KEYS:
        raise InvalidInput(f"At most {MOST_KEYS} at once.", field=field)
    return once


def _is_cleared_by_nothing(column: Column) -> bool:
    """Whether it is a text that may be empty, but not null."""
    return column.blank and not column.null and column.empty_strings_allowed and not column.is_relation


def _instant(column: Column, given: Any) -> dt.datetime | None:
    """A moment in UTC; one without a zone is taken as UTC, as the old clients mean it."""
    try:
        moment: dt.datetime | None = column.to_python(given)
        if moment is None:
            return None
        return (timezone.make_aware(moment, dt.UTC) if timezone.is_naive(moment) else moment).astimezone(dt.UTC)
    except ValidationError as error:
        raise invalid(error, field=column.name) from None
    except (OverflowError, TypeError):
        raise InvalidInput("Not a moment in time.", field=column.name) from None
