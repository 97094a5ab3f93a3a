"""The root fields of every resource: one row by its id, and many."""

import re
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import Annotated, Any, TypeVar

import strawberry
from django.db.models import Model
from graphql import GraphQLResolveInfo
from strawberry import ID

from backend.errors import InvalidInput, NotFound
from backend.resources.lookup_values import value
from backend.resources.resource import Resource
from schema.derive.arguments import Asked, list_arguments
from schema.derive.fetch import fetch_by_key, fetch_one, fetch_page, selected
from schema.derive.node import node_named
from schema.derive.pages import Page
from schema.derive.plan import READER
from schema.ids import key_of, parts

Query = TypeVar("Query")

Id = Annotated[ID, strawberry.argument(description="Its id.")]


def with_roots(nodes: Iterable[Any]) -> Callable[[type[Query]], type[Query]]:
    """Gives Query the fields of these types."""

    def decorate(query: type[Query]) -> type[Query]:
        for node in nodes:
            words = node.resource.model._meta
            name = root_name(node.resource)
            one = f"The {words.verbose_name} with this id; null when there is none that you may see."
            setattr(query, name, _field(_one_argument, node | None, one, partial(_one, node)))
            many = f"All {words.verbose_name_plural} that you may see."
            setattr(query, plural(name), _field(list_arguments(node), node.connection, many, partial(_many, node)))
        return query

    return decorate


def root_name(resource: Resource[Any]) -> str:
    """The name of the field that shows one row: `uiGroup` of UIGroup."""
    return re.sub(r"^[A-Z]+(?=[A-Z][a-z]|$)|^[A-Z]", lambda found: found[0].lower(), resource.model.__name__)


def plural(name: str) -> str:
    """The name of the field that shows many rows."""
    return f"{name[:-1]}ies" if name.endswith("y") else f"{name}s"


def with_ids(given: Sequence[str], info: GraphQLResolveInfo) -> list[Model | None]:
    """The rows with these global ids, in their order; None where there is none that the viewer may see.

    As many statements as if the rows of each type had been asked for alone.
    """
    places = [_place(each) for each in given]
    found = {
        node: fetch_by_key(
            node.resource.rows(info.context.viewer),
            {place[1] for place in places if place and place[0] is node},
            selected(info, node.resource.model),
        )
        for node in dict.fromkeys(place[0] for place in places if place)
    }
    return [found[place[0]].get(place[1]) if place else None for place in places]


def _place(given: str) -> tuple[Any, Any] | None:
    """The type and the key that a global id names; None when it names none."""
    named = parts(given)
    node = named and node_named(named[0])
    key = node and _key(node.resource, given)
    return None if key is None else (node, key)


def _key(resource: Resource[Any], given: str) -> Any:
    try:
        return value(resource.model._meta.pk, key_of(resource, given), "id")
    except (NotFound, InvalidInput):
        return None


def _field(arguments: Callable[..., Any], kind: Any, words: str, read: Callable[..., Any]) -> Any:
    return strawberry.field(arguments, graphql_type=kind, description=words, metadata={READER: read})


def _one_argument(root: strawberry.Parent[Any], id: Id) -> Any:
    """Only its signature counts."""


def _one(node: Any, root: Any, info: GraphQLResolveInfo, id: str) -> Model | None:
    key = _key(node.resource, id)
    return None if key is None else fetch_one(node.resource.rows(info.context.viewer).filter(pk=key), info)


def _many(node: Any, root: Any, info: GraphQLResolveInfo, **arguments: Any) -> Page:
    viewer = info.context.viewer
    asked = Asked.of(node.resource, arguments)
    return fetch_page(asked.among(node.resource.rows(viewer), viewer), info, asked.window, asked.order)
