"""Query strings as filters, derived from the columns that a declaration names: ids, words, exact values and ranges."""

from collections.abc import Iterator
from typing import Any

from django.db.models import QuerySet

from backend.catalogue import filters
from backend.errors import InvalidInput
from backend.resources.kinds import AnyField, Kind, columns_along, kind_of
from backend.resources.viewer import Viewer
from backend.rest.parameters import Parameters
from backend.rest.representation import Representation

Rows = QuerySet[Any]
# The old API's endings of a name, and what they ask for.
RANGES = {"": "exact", "__gte": "gte", "__lte": "lte", "__gt": "gt", "__lt": "lt"}


def filtered(shown: Representation, rows: Rows, query: Parameters, viewer: Viewer) -> Rows:
    """The rows that the query asks for, in the order that it asks for; names that are not known are ignored.

    Raises InvalidInput for a value that a known name cannot have.
    """
    for path in shown.resource.filter:
        names = shown.aliases.get(path, (shown.resource.rest_names.get(path, path),))
        lookups = dict(_lookups(columns_along(shown.resource.model, path)[-1], path, names, query))
        try:
            rows = rows.filter(filters.condition(shown.resource, {path: lookups}, viewer)) if lookups else rows
        except InvalidInput as error:
            raise InvalidInput(error.message, field=names[0]) from None
    order = _order(shown, query.text("ordering") or "")
    return rows.order_by(order, "pk") if order else rows


def _lookups(column: AnyField, path: str, names: tuple[str, ...], query: Parameters) -> Iterator[tuple[str, Any]]:
    kind = kind_of(column)
    if kind is Kind.KEYS or column.is_relation or getattr(column, "primary_key", False):
        # Clients send 0 while nothing is chosen.
        ids = [row for row in query.ids(*names) or () if row != 0]
        if ids:
            yield "all" if kind is Kind.KEYS else "in", ids
    elif kind is Kind.FLAG:
        yield from _exactly("exact", query.flag(*names))
    elif kind in (Kind.MOMENT, Kind.FRACTION, Kind.WHOLE):
        read = query.moment if kind is Kind.MOMENT else query.number
        for ending, lookup in RANGES.items():
            yield from _exactly(lookup, read(*(name + ending for name in names)))
    elif kind is not Kind.PLACE:
        text = query.text(*names)
        yield from _exactly("contains" if kind is Kind.TEXT and "__" not in path else "exact", text)
        choices = getattr(column, "choices", None)
        if text and choices and text not in dict(choices):
            raise InvalidInput(f"Select a valid choice. {text} is not one of the available choices.", field=names[0])


def _exactly(lookup: str, value: Any) -> Iterator[tuple[str, Any]]:
    if value is not None:
        yield lookup, int(value) if isinstance(value, float) and value.is_integer() else value


def _order(shown: Representation, wanted: str) -> str | None:
    """The column of an `ordering` such as `-created`; None for what is no order here, which is ignored."""
    offered = {name: name for name in shown.resource.order} | {shown.key(name): name for name in shown.resource.order}
    column = offered.get(wanted.removeprefix("-"))
    return None if column is None else wanted[: wanted.startswith("-")] + column
