"""Query strings as filters, derived from the columns that a declaration names: ids, words, exact values and ranges."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db.models import QuerySet
from rest_framework.serializers import ValidationError

from backend.catalogue import filters
from backend.errors import InvalidInput
from backend.resources.kinds import AnyField, Kind, columns_along, kind_of
from backend.resources.viewer import Viewer
from backend.rest.derive.parameters import Parameters
from backend.rest.derive.representation import Representation

Rows = QuerySet[Any]
# The old API's endings of a name, and what they ask for.
RANGES = {"": "exact", "__gte": "gte", "__lte": "lte", "__gt": "gt", "__lt": "lt"}
DATE_LENGTH = len("2017-04-15")
LAST_DAY = datetime.max.replace(tzinfo=UTC) - timedelta(days=1)


def filtered(shown: Representation, rows: Rows, query: Parameters, viewer: Viewer) -> Rows:
    """The rows that the query asks for, in the order that it asks for; names that are not known are ignored.

    Raises ValidationError or InvalidInput for a value that a known name cannot have.
    """
    for path in shown.resource.filter:
        column, names = columns_along(shown.resource.model, path)[-1], shown.names(path)
        lookups = dict(_lookups(shown, path, column, names, query))
        try:
            rows = rows.filter(filters.condition(shown.resource, {path: lookups}, viewer)) if lookups else rows
        except InvalidInput as error:
            raise InvalidInput(error.message, field=names[0]) from None
    order = _order(shown, query.text("ordering") or "")
    rows = shown.seek(rows, query, viewer)
    if order:
        return rows.order_by(order, "pk")
    # A page of rows without an order holds any of them.
    return rows if rows.ordered else rows.order_by("pk")


def _lookups(
    shown: Representation, path: str, column: AnyField, names: tuple[str, ...], query: Parameters
) -> Iterator[tuple[str, Any]]:
    kind = kind_of(column)
    if kind in (Kind.KEY, Kind.KEYS):
        # Clients send 0 while nothing is chosen.
        ids = [row for row in query.ids(*names) or () if row != 0]
        if ids:
            yield shown.lookups.get(path, "all" if kind is Kind.KEYS else "in"), ids
    elif kind is Kind.FLAG:
        yield from _exactly("exact", query.flag(*names))
    elif kind is Kind.MOMENT:
        yield from _within(names, query)
    elif kind in (Kind.FRACTION, Kind.WHOLE):
        for ending, lookup in RANGES.items():
            yield from _exactly(lookup, _number(shown, [name + ending for name in names], ending, query))
    elif kind is not Kind.PLACE:
        yield from _words(shown, path, column, names, query)


def _words(
    shown: Representation, path: str, column: AnyField, names: tuple[str, ...], query: Parameters
) -> Iterator[tuple[str, Any]]:
    text, choices = query.text(*names), getattr(column, "choices", None)
    if text and choices and text not in map(str, dict(choices)):
        raise ValidationError({names[0]: [f"Select a valid choice. {text} is not one of the available choices."]})
    usual = "exact" if choices or "__" in path else "contains"
    yield from _exactly(shown.lookups.get(path, usual), text)


def _number(shown: Representation, names: list[str], ending: str, query: Parameters) -> float | None:
    for name in names:
        number = query.number(name)
        if number is not None:
            number *= shown.scales.get(name.removesuffix(ending), 1)
            return int(number) if float(number).is_integer() else number
    return None


def _within(names: tuple[str, ...], query: Parameters) -> Iterator[tuple[str, Any]]:
    """A moment, or the limits of a time; a date alone is all of its day."""
    if len((query.text(*names) or "").strip()) == DATE_LENGTH:
        day = query.moment(*names)
        if day is not None:
            yield from (("gte", day), ("lt", min(day, LAST_DAY) + timedelta(days=1)))
        return
    for ending, lookup in RANGES.items():
        yield from _exactly(lookup, query.moment(*(name + ending for name in names)))


def _exactly(lookup: str, value: Any) -> Iterator[tuple[str, Any]]:
    if value is not None:
        yield lookup, value


def _order(shown: Representation, wanted: str) -> str | None:
    """The column of an `ordering` such as `-created`; None for what is no order here, which is ignored."""
    names = {name: path for path in shown.resource.order for name in (*shown.names(path), shown.key(path), path)}
    column = names.get(wanted.removeprefix("-"))
    return None if column is None else wanted[: wanted.startswith("-")] + column
