"""Query strings as filters, derived from the columns that a declaration names: ids, words, exact values and ranges."""

from collections.abc import Iterator
from typing import Any

from django.db.models import BooleanField, DateTimeField, FloatField, IntegerField, Model, QuerySet

from backend.errors import InvalidInput
from backend.rest.parameters import Parameters
from backend.rest.representation import Representation

Rows = QuerySet[Any]
Condition = dict[str, Any]
RANGES = ("", "__gte", "__lte", "__gt", "__lt")


def filtered(shown: Representation, rows: Rows, query: Parameters) -> Rows:
    """The rows that the query asks for, in the order that it asks for; names that are not known are ignored.

    Raises InvalidInput for a value that a known name cannot have.
    """
    for path in shown.resource.filter:
        names = shown.aliases.get(path, (shown.resource.rest_names.get(path, path),))
        for condition in _conditions(_column(shown.resource.model, path), path, names, query):
            # One call each, so that every tag id finds its own row.
            rows = rows.filter(**condition)
    order = _order(shown, query.text("ordering") or "")
    return rows.order_by(order, "pk") if order else rows


def _column(model: type[Model], path: str) -> Any:
    column: Any = None
    for name in path.split("__"):
        column = model._meta.get_field(name)
        model = column.related_model or model
    return column


def _conditions(column: Any, path: str, names: tuple[str, ...], query: Parameters) -> Iterator[Condition]:
    if column.is_relation or column.primary_key:
        # Clients send 0 while nothing is chosen.
        ids = [row for row in query.ids(*names) or () if row != 0]
        is_one = not column.is_relation or column.many_to_one
        yield from [{f"{path}__in": ids}] if is_one and ids else [{path: row} for row in ids]
    elif isinstance(column, BooleanField):
        yield from _exactly(path, query.flag(*names))
    elif isinstance(column, DateTimeField | FloatField | IntegerField):
        read = query.moment if isinstance(column, DateTimeField) else query.number
        for lookup in RANGES:
            yield from _exactly(path + lookup, read(*(name + lookup for name in names)))
    else:
        text = query.text(*names)
        yield from _exactly(path if column.choices or "__" in path else f"{path}__icontains", text)
        if text and column.choices and text not in dict(column.choices):
            raise InvalidInput(f"Select a valid choice. {text} is not one of the available choices.", field=names[0])


def _exactly(lookup: str, value: object) -> Iterator[Condition]:
    if value is not None:
        yield {lookup: value}


def _order(shown: Representation, wanted: str) -> str | None:
    """The column of an `ordering` such as `-created`; None for what is no order here, which is ignored."""
    offered = {name: name for name in shown.resource.order} | {shown.key(name): name for name in shown.resource.order}
    column = offered.get(wanted.removeprefix("-"))
    return None if column is None else wanted[: wanted.startswith("-")] + column
