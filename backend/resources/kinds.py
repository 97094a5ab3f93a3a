"""What the columns hold that rows are sought by: from that follow the lookups that every door offers."""

from enum import Enum, auto
from typing import Any, TypeAlias

from django.contrib.gis.db.models import GeometryField
from django.db.models import (
    BooleanField,
    CharField,
    DateTimeField,
    Field,
    FloatField,
    IntegerField,
    Model,
    TextField,
    UUIDField,
)
from django.db.models.fields.reverse_related import ForeignObjectRel

AnyField: TypeAlias = "Field[Any, Any] | ForeignObjectRel"


class Kind(Enum):
    """What a column holds."""

    KEY = auto()
    KEYS = auto()
    CHOICE = auto()
    FLAG = auto()
    TEXT = auto()
    WHOLE = auto()
    FRACTION = auto()
    MOMENT = auto()
    PLACE = auto()


LOOKUPS: dict[Kind, tuple[str, ...]] = {
    Kind.KEY: ("exact", "in", "is_null"),
    Kind.KEYS: ("any", "all"),
    Kind.CHOICE: ("exact", "in", "is_null"),
    Kind.FLAG: ("exact", "is_null"),
    Kind.TEXT: ("exact", "in", "contains", "starts_with", "is_null"),
    Kind.WHOLE: ("exact", "in", "gt", "gte", "lt", "lte", "is_null"),
    Kind.FRACTION: ("exact", "gt", "gte", "lt", "lte", "is_null"),
    Kind.MOMENT: ("exact", "gt", "gte", "lt", "lte", "is_null"),
    Kind.PLACE: ("within", "within_metres", "bbox", "is_null"),
}

# The first that fits.
_KINDS: tuple[tuple[type[Any], Kind], ...] = (
    (GeometryField, Kind.PLACE),
    (UUIDField, Kind.KEY),
    (BooleanField, Kind.FLAG),
    (DateTimeField, Kind.MOMENT),
    (FloatField, Kind.FRACTION),
    (IntegerField, Kind.WHOLE),
    (CharField, Kind.TEXT),
    (TextField, Kind.TEXT),
)


def kind_of(column: AnyField) -> Kind:
    """Raises TypeError for a column that nothing can be sought by."""
    if column.many_to_many or column.one_to_many:
        return Kind.KEYS
    if column.is_relation or getattr(column, "primary_key", False):
        return Kind.KEY
    if isinstance(column, CharField) and column.choices:
        return Kind.CHOICE
    found = next((kind for fits, kind in _KINDS if isinstance(column, fits)), None)
    if found is None:
        raise TypeError(f"{column.model.__name__}.{column.name} cannot be sought by.")
    return found


def columns_along(model: type[Model], path: str) -> list[AnyField]:
    """The columns along a path such as session__project. Raises FieldDoesNotExist."""
    found: list[AnyField] = []
    for name in path.split("__"):
        column: Any = model._meta.get_field(name)
        found.append(column)
        model = column.related_model or model
    return found
