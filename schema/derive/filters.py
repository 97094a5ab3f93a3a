"""The filter input of a resource: from the columns that its declaration names, in the words of its columns."""

import datetime as dt
from collections.abc import Mapping
from enum import Enum
from typing import Any

import strawberry
from django.db.models import Model
from strawberry import ID
from strawberry.utils.str_converters import to_camel_case

from backend.errors import InvalidInput
from backend.resources.filters import MOST_LEVELS
from backend.resources.kinds import AnyField, Kind, columns_along, kind_of
from backend.resources.lookup_values import MOST_CHARACTERS, MOST_VALUES
from backend.resources.resource import Resource
from schema.derive.columns import enum_of
from schema.ids import parts
from schema.scalars import GeoJSON
from schema.words import description_of


def lookup(description: str, **options: Any) -> Any:
    """One lookup of a shared input; left out, it asks for nothing."""
    return strawberry.field(default=None, description=description, **options)


IS_NULL = "Whether there is none (or none that you may see)."


@strawberry.input(description="By an id. Several lookups together must all fit.")
class IdFilter:
    exact: ID | None = lookup("This one.")
    in_: list[ID] | None = lookup(f"One of these, {MOST_VALUES} at most; an empty list fits nothing.", name="in")
    is_null: bool | None = lookup(IS_NULL)


@strawberry.input(description="By the ids of the rows that it is linked with.")
class IdsFilter:
    any: list[ID] | None = lookup(f"Linked with one of these, {MOST_VALUES} at most; an empty list fits nothing.")
    all: list[ID] | None = lookup(f"Linked with every one of these, {MOST_VALUES} at most.")


@strawberry.input(description="By a text. Several lookups together must all fit.")
class TextFilter:
    exact: str | None = lookup("Exactly this text.")
    in_: list[str] | None = lookup(f"One of these, {MOST_VALUES} at most; an empty list fits nothing.", name="in")
    contains: str | None = lookup(
        f"This somewhere in it, in small letters or capitals; {MOST_CHARACTERS} characters at most."
    )
    starts_with: str | None = lookup(
        f"This at its beginning, in small letters or capitals; {MOST_CHARACTERS} characters at most."
    )
    is_null: bool | None = lookup(IS_NULL)


@strawberry.input(description="By yes or no.")
class BooleanFilter:
    exact: bool | None = lookup("This.")
    is_null: bool | None = lookup(IS_NULL)


@strawberry.input(description="By a whole number. Several lookups together must all fit.")
class IntRange:
    exact: int | None = lookup("Exactly this number.")
    in_: list[int] | None = lookup(f"One of these, {MOST_VALUES} at most; an empty list fits nothing.", name="in")
    gt: int | None = lookup("More than this.")
    gte: int | None = lookup("This or more.")
    lt: int | None = lookup("Less than this.")
    lte: int | None = lookup("This or less.")
    is_null: bool | None = lookup(IS_NULL)


@strawberry.input(description="By a number. Several lookups together must all fit.")
class FloatRange:
    exact: float | None = lookup("Exactly this number.")
    gt: float | None = lookup("More than this.")
    gte: float | None = lookup("This or more.")
    lt: float | None = lookup("Less than this.")
    lte: float | None = lookup("This or less.")
    is_null: bool | None = lookup(IS_NULL)


@strawberry.input(description="By a moment; one without a zone is UTC. Several lookups together must all fit.")
class DateTimeRange:
    exact: dt.datetime | None = lookup("At this very moment.")
    gt: dt.datetime | None = lookup("After this.")
    gte: dt.datetime | None = lookup("At this or after.")
    lt: dt.datetime | None = lookup("Before this.")
    lte: dt.datetime | None = lookup("At this or before.")
    is_null: bool | None = lookup(IS_NULL)


@strawberry.input(description="A circle on the ground.")
class NearFilter:
    latitude: float = strawberry.field(description="Its centre: degrees north, -90 to 90.")
    longitude: float = strawberry.field(description="Its centre: degrees east, -180 to 180.")
    metres: float = strawberry.field(description="Its radius.")


@strawberry.input(
    description="A box of degrees, such as a map shows. West of the date line to east of it: west > east."
)
class BoxFilter:
    west: float = strawberry.field(description="Its western side: degrees east, -180 to 180.")
    south: float = strawberry.field(description="Its southern side: degrees north, -90 to 90.")
    east: float = strawberry.field(description="Its eastern side: degrees east, -180 to 180.")
    north: float = strawberry.field(description="Its northern side: degrees north, -90 to 90.")


@strawberry.input(description="By a place. Several lookups together must all fit.")
class GeoFilter:
    within: GeoJSON | None = lookup("The whole of it lies in this Polygon or MultiPolygon, or on its border.")
    within_metres: NearFilter | None = lookup("Some of it lies within this circle.")
    bbox: BoxFilter | None = lookup("Some of it lies in this box.")
    is_null: bool | None = lookup(IS_NULL)


_SHARED: dict[Kind, type] = {
    Kind.KEY: IdFilter,
    Kind.KEYS: IdsFilter,
    Kind.TEXT: TextFilter,
    Kind.FLAG: BooleanFilter,
    Kind.WHOLE: IntRange,
    Kind.FRACTION: FloatRange,
    Kind.MOMENT: DateTimeRange,
    Kind.PLACE: GeoFilter,
}
_of_enums: dict[type[Enum], type] = {}


def filter_input(resource: Resource[Any]) -> Any:
    """The input type of a resource's rows."""
    model = resource.model
    made = type(f"{model.__name__}Filter", (), {"__annotations__": {}})
    for path in resource.filter:
        name = path.replace("__", "_")
        made.__annotations__[name] = _lookups_of(columns_along(model, path)[-1]) | None
        setattr(made, name, lookup(_words(model, path)))
    made.__annotations__.update(and_=list[made] | None, or_=list[made] | None, not_=made | None)
    made.and_ = lookup("All of these fit, too.", name="and")
    made.or_ = lookup("One of these fits, too; an empty list fits nothing.", name="or")
    made.not_ = lookup(f"This does not fit. These three may stand {MOST_LEVELS} deep in each other.", name="not")
    words = f"Which {model._meta.verbose_name_plural} are wanted: those that fit all that is said."
    return strawberry.input(made, description=words)


def _lookups_of(column: AnyField) -> Any:
    kind = kind_of(column)
    return _SHARED[kind] if kind is not Kind.CHOICE else _of_enum(enum_of(column))


def _of_enum(kind: type[Enum]) -> Any:
    """The input of a closed set; one for all columns that hold it."""
    if kind not in _of_enums:
        made = type(f"{kind.__name__}Filter", (), {})
        made.__annotations__ = {"exact": kind | None, "in_": list[kind] | None, "is_null": bool | None}
        made.exact = lookup("This one.")
        made.in_ = lookup("One of these; an empty list fits nothing.", name="in")
        made.is_null = lookup(IS_NULL)
        _of_enums[kind] = strawberry.input(made, description=f"By a {kind.__name__}.")
    return _of_enums[kind]


def _words(model: type[Model], path: str) -> str:
    """What the column means, in the words of the type that it stands in."""
    column = columns_along(model, path)[-1]
    if path == "id":
        return "Its id."
    return description_of(f"{column.model.__name__}.{to_camel_case(column.name)}", column)


def wanted(resource: Resource[Any], given: Mapping[str, Any], *, at: str = "filter") -> dict[str, Any]:
    """A filter as the domain reads it: paths for names, keys for global ids, the values of enums.

    Raises InvalidInput for ids of another type.
    """
    paths = {to_camel_case(path.replace("__", "_")): path for path in resource.filter}
    return {
        paths.get(name, name): _read(resource, name, paths.get(name), value, f"{at}.{name}")
        for name, value in given.items()
    }


def _read(resource: Resource[Any], name: str, path: str | None, value: Any, at: str) -> Any:
    if value is None:
        raise InvalidInput("Must not be null: leave it out to ask for nothing.", field=at)
    if name in ("and", "or"):
        return [wanted(resource, each, at=at) for each in value]
    if path is None:
        return wanted(resource, value, at=at)
    column = columns_along(resource.model, path)[-1]
    is_key = kind_of(column) in (Kind.KEY, Kind.KEYS)
    owner = (column.related_model or resource.model).__name__ if is_key else None
    return {_LOOKUP_NAMES.get(lookup, lookup): _value(each, owner, f"{at}.{lookup}") for lookup, each in value.items()}


_LOOKUP_NAMES = {"isNull": "is_null", "startsWith": "starts_with", "withinMetres": "within_metres"}


def _value(given: Any, owner: str | None, at: str) -> Any:
    if isinstance(given, list):
        return [_value(each, owner, at) for each in given]
    if isinstance(given, Enum):
        return given.value
    return _key(given, owner, at) if owner is not None and isinstance(given, str) else given


def _key(given: str, owner: str, at: str) -> str:
    named = parts(given)
    if named is None:
        return given
    if named[0] != owner:
        raise InvalidInput(f"This is the id of a {named[0]}, not of a {owner}.", field=at)
    return named[1]
