"""From a declaration to a GraphQL type: a field for each name it lets be read, and those written by hand beside."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import strawberry
import strawberry_django
from django.contrib.gis.db.models import GeometryField
from django.db.models import FileField, JSONField, Model, QuerySet
from django.db.models.fields.reverse_related import ForeignObjectRel
from graphql import GraphQLResolveInfo, GraphQLSchema
from strawberry import relay
from strawberry.utils.str_converters import to_camel_case

from backend.resources.resource import Resource
from schema.derive.arguments import list_arguments
from schema.derive.columns import column_type, value_type
from schema.derive.filters import filter_input
from schema.derive.orders import order_input
from schema.derive.own import Own
from schema.derive.plan import READER, STEP, Readable, metadata_of
from schema.derive.steps import Column, ToMany, ToOne, geometry
from schema.ids import global_id
from schema.words import description_of

# Kinds of columns that only a field written by hand can show.
BY_HAND = (FileField, JSONField)

_nodes: dict[type[Model], Any] = {}


def node(resource: Resource[Any], own: type | None = None, *, many: tuple[str, ...] = ()) -> Any:
    """The type of a resource; complete once `link` has been called.

    `own` holds fields written by hand, which come before derived ones of the same name; `many` names
    relations beyond the declaration's that lead here.
    """
    name = resource.model.__name__
    body = {key: value for key, value in vars(own or object).items() if not key.startswith("__")}
    made = type(name, (relay.Node,), {**body, "__module__": __name__, "__annotations__": {}})
    made.resource, made.many = resource, many
    made.get_queryset = classmethod(_visible)
    _nodes[resource.model] = made
    return made


def _visible(made: Any, rows: QuerySet[Any], info: Any) -> QuerySet[Any]:
    """Asked by strawberry-django before it reads rows itself, as its `resolve_node` does: nobody sees more there."""
    return made.resource.visible_to(rows, info.context.viewer)


def link() -> None:
    """Gives every type its fields, now that all types are known."""
    for made in _nodes.values():
        made.connection = _connection(made)
        made.filter_input, made.order_input = filter_input(made.resource), order_input(made.resource)
    for model, made in _nodes.items():
        _fill(model, made)


def give_readers(schema: GraphQLSchema) -> None:
    """Lets graphql-core read the rows itself: Strawberry's way to a resolver costs more than the value."""
    _give_readers(schema.query_type)
    for made in _nodes.values():
        name = made.resource.model.__name__
        _give_readers(schema.type_map[name])
        schema.type_map[name].fields["id"].resolve = _id_reader(name)


def _give_readers(kind: Any) -> None:
    for field in kind.fields.values():
        field.resolve = metadata_of(field).get(READER, field.resolve)


def _id_reader(name: str) -> Callable[..., str]:
    def read(row: Any, info: GraphQLResolveInfo) -> str:
        return global_id(name, row.pk)

    return read


def all_nodes() -> list[Any]:
    """Every type that shows rows, also those that only `node(id)` leads to."""
    return list(_nodes.values())


def node_named(name: str) -> Any | None:
    """The type with this GraphQL name; None when there is no such type."""
    return next((made for model, made in _nodes.items() if model.__name__ == name), None)


def _fill(model: type[Model], made: Any) -> None:
    key = str if model._meta.pk.get_internal_type() == "UUIDField" else int
    made.__annotations__["id"] = relay.NodeID[key]
    for name in (*made.resource.read, *made.resource.read_own, *made.many):
        if name != "id" and name not in vars(made):
            for python_name, annotation, field in _fields(made, model, name):
                made.__annotations__[python_name] = annotation
                setattr(made, python_name, field)
    # Asked of every row: strawberry-django's own takes ten times as long.
    made.is_type_of = classmethod(lambda cls, row, info: isinstance(row, model))
    strawberry_django.type(model, name=model.__name__, description=description_of(model.__name__, model))(made)


def _fields(made: Any, model: type[Model], name: str) -> Iterator[tuple[str, Any, Any]]:
    column = model._meta.get_field(name)
    words = description_of(f"{model.__name__}.{to_camel_case(name)}", column)
    is_own = name in made.resource.read_own
    guarded = partial(Own, resource=made.resource) if is_own else lambda step: step
    if not column.is_relation:
        if not isinstance(column, BY_HAND):
            kind = value_type(column) | None if is_own else column_type(column)
            step = geometry(name) if isinstance(column, GeometryField) else Column(name)
            yield name, kind, shown_as_read(guarded(step), words)
        return
    target = _nodes[column.related_model]
    if column.many_to_many or column.one_to_many:
        back = column.field.name if column.one_to_many else None
        kind = target.connection | None if is_own else target.connection
        yield name, kind, _page(guarded(ToMany(name, target.resource, back)), target, kind, words)
        return
    step = ToOne(name, target.resource, None if isinstance(column, ForeignObjectRel) else name)
    can_lack = is_own or not step.is_open or getattr(column, "null", True)
    yield name, target | None if can_lack else target, shown_as_read(guarded(step), words)


def shown_as_read(step: Readable, words: str, kind: Any = None) -> Any:
    """A field without a resolver of its own."""
    return strawberry_django.field(graphql_type=kind, description=words, metadata={STEP: step, READER: step.read})


def _page(step: Readable, target: Any, kind: Any, words: str) -> Any:
    metadata = {STEP: step, READER: step.read}
    arguments = list_arguments(target)
    return strawberry_django.field(arguments, graphql_type=kind, description=words, metadata=metadata)


def _connection(made: Any) -> Any:
    """The page and edge types of a node; their values are `pages.Page` and `pages.Edge`."""
    name = made.resource.model.__name__
    edge = type(f"{name}Edge", (), {"__annotations__": {"node": made, "cursor": str}})
    edge.node = strawberry.field(description=f"The {name} itself.")
    edge.cursor = strawberry.field(description="Where it stands in the list, for `after` and `before`.")
    edge = strawberry.type(edge, description=f"One {name} within a page.")
    fields = {
        "edges": (list[edge], "The rows of this page with their cursors."),
        "nodes": (list[made], "The rows of this page, for those who need no cursors."),
        "page_info": (relay.PageInfo, "Whether there is more before and after this page."),
        "total_count": (int, "How many there are in the whole list; counted only when asked for."),
    }
    page = type(f"{name}Connection", (), {"__annotations__": {key: kind for key, (kind, _) in fields.items()}})
    for key, (_, words) in fields.items():
        setattr(page, key, strawberry.field(description=words))
    return strawberry.type(page, description=f"A page of a list of {name}s.")
