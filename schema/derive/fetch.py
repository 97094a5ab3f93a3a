"""The rows that a field of the document asks for, with all that it selects of them, in a few statements."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Model, QuerySet
from graphql import GraphQLObjectType, GraphQLResolveInfo

from schema.derive.keyset import Order
from schema.derive.pages import Page, Window
from schema.derive.plan import Planner, page_rows
from schema.derive.selection import Selection, selection_of


def fetch_page(rows: QuerySet[Any], info: GraphQLResolveInfo, window: Window, order: Order | None = None) -> Page:
    """A page of `rows`, which the viewer may see; in the model's own order if none is given. Raises InvalidInput."""
    window.checked()
    order = order or Order.of(rows.model)
    connection = selection_of(info)
    names = connection.names()
    total = rows.count() if "totalCount" in names else None
    if names <= {"totalCount", "__typename"}:
        return Page([], order, window, total)
    found = list(page_rows(Planner(info.context), connection, rows, window, order))
    return Page(found, order, window, total)


def fetch_one(rows: QuerySet[Any], info: GraphQLResolveInfo) -> Model | None:
    """The one row of `rows`, or None."""
    return next(iter(_fetch(rows, selected(info, rows.model))), None)


def fetch_by_key(rows: QuerySet[Any], keys: Iterable[Any], selection: Selection) -> dict[Any, Model]:
    """The rows with these primary keys, as far as they are among `rows`, by key."""
    return {row.pk: row for row in _fetch(rows.filter(pk__in=list(keys)), selection)}


def selected(info: GraphQLResolveInfo, model: type[Model], *, below: str | None = None) -> Selection:
    """What is selected of a row: of the field itself, or of the field `below` of its object."""
    if below is not None:
        return selection_of(info).below(below)
    of = info.schema.type_map[model.__name__]
    assert isinstance(of, GraphQLObjectType)
    return selection_of(info, of)


def _fetch(rows: QuerySet[Any], selection: Selection) -> Iterable[Model]:
    return Planner(selection.info.context).branch(selection).apply(rows)
