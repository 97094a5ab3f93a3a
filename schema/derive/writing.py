"""The mutations of every resource, as far as it has the verbs: create, update, delete, and delete many."""

from collections.abc import Callable, Iterable, Iterator
from enum import Enum
from functools import partial
from typing import Any, TypeVar

import strawberry
from django.db.models import Model
from strawberry import ID, UNSET
from strawberry.utils.str_converters import to_camel_case

from backend.catalogue import CATALOGUE, writer
from backend.resources.resource import Resource, Verb
from backend.resources.values import MOST_KEYS, is_many
from schema.context import Info
from schema.derive.columns import value_type
from schema.derive.fetch import fetch_one
from schema.derive.roots import plural, root_name
from schema.fields import field
from schema.ids import global_id, key_of
from schema.payloads import Input, Success, mutation, payload
from schema.words import a, input_description_of

RESOURCES: dict[type[Model], Resource[Any]] = {resource.model: resource for resource in CATALOGUE}

Mutation = TypeVar("Mutation")
Words = tuple[str, str, str]


@strawberry.type
class RowSuccess(Success):
    """A result that shows the row which was written."""

    key: strawberry.Private[object]


@strawberry.type
class DeletedSuccess(Success):
    """A result that names the rows which are gone."""

    deleted_ids: list[ID] = strawberry.field(description="The ids of what is gone, in the order of the input.")


def with_writing(nodes: Iterable[Any]) -> Callable[[type[Mutation]], type[Mutation]]:
    """Gives Mutation what these types' declarations allow."""

    def decorate(made: type[Mutation]) -> type[Mutation]:
        for node in nodes:
            for verb in node.resource.verbs:
                for name, derived in _MUTATIONS[verb](node):
                    setattr(made, name, derived)
        return made

    return decorate


def _create(node: Any) -> Iterator[tuple[str, Any]]:
    resource, noun = node.resource, node.resource.model._meta.verbose_name
    words = (f"Makes {a(noun)}.", f"What a new {noun} is made of.", f"The {noun} is there.")

    def act(input: Any, info: Info) -> dict[str, object]:
        return {"key": writer.create(resource, _data(resource, input), viewer=info.context.viewer).pk}

    yield _mutation(f"Create{_name(node)}", words, _columns(resource), _shown(node), act)


def _update(node: Any) -> Iterator[tuple[str, Any]]:
    resource, noun = node.resource, node.resource.model._meta.verbose_name
    words = (
        f"Changes {a(noun)}: what is left out stays as it is, and null clears.",
        f"What is to change of {a(noun)}.",
        f"The {noun} is changed.",
    )

    def act(input: Any, info: Info) -> dict[str, object]:
        key, expected = key_of(resource, input.id, field="id"), getattr(input, "expected_version", None)
        data = _data(resource, input)
        return {"key": writer.update(resource, key, data, viewer=info.context.viewer, expected_version=expected).pk}

    fields = {"id": (ID, strawberry.field(description=f"The {noun}."))}
    if any(column.name == "version" for column in resource.model._meta.concrete_fields):
        told = "The version that you read. When somebody has changed it since, nothing is done: VERSION_CONFLICT."
        fields["expected_version"] = (int | None, strawberry.field(default=None, description=told))
    yield _mutation(f"Update{_name(node)}", words, fields | _columns(resource, all_optional=True), _shown(node), act)


def _delete(node: Any) -> Iterator[tuple[str, Any]]:
    resource, meta = node.resource, node.resource.model._meta
    one, many = meta.verbose_name, meta.verbose_name_plural

    def act(input: Any, info: Info, given: str) -> dict[str, object]:
        ids = [input.id] if given == "id" else input.ids
        keys = [key_of(resource, each, field=given) for each in ids]
        gone = writer.delete(resource, keys, viewer=info.context.viewer, field=given)
        return {"deleted_ids": [ID(global_id(_name(node), key)) for key in gone]}

    words = (f"Deletes {a(one)}, and what belongs to it.", f"Which {one} is to go.", f"The {one} is gone.")
    fields = {"id": (ID, strawberry.field(description=f"The {one}."))}
    yield _mutation(f"Delete{_name(node)}", words, fields, DeletedSuccess, partial(act, given="id"))
    words = (f"Deletes several {many}: all or none.", f"Which {many} are to go.", f"The {many} are gone.")
    fields = {"ids": (list[ID], strawberry.field(description=f"The {many}, {MOST_KEYS} at most."))}
    yield _mutation(f"Delete{plural(_name(node))}", words, fields, DeletedSuccess, partial(act, given="ids"))


_MUTATIONS: dict[Verb, Callable[[Any], Iterator[tuple[str, Any]]]] = {
    Verb.CREATE: _create,
    Verb.UPDATE: _update,
    Verb.DELETE: _delete,
}


def _mutation(
    name: str, words: Words, fields: dict[str, tuple[Any, Any]], result: type[Success], act: Callable[..., Any]
) -> tuple[str, Any]:
    """The mutation's name and its field; `act` gives what its result is made of."""
    of_mutation, of_input, of_result = words
    input_type = strawberry.input(_class(f"{name}Input", Input, fields), description=of_input)
    success = strawberry.type(_class(f"{name}Success", result, {}), description=of_result)

    def resolve(self: Any, info: Info, input: Any) -> Any:
        return payload(input, lambda: success(**act(input, info)))

    resolve.__annotations__["input"] = input_type
    return name[0].lower() + name[1:], mutation(success, of_mutation)(resolve)


def _class(name: str, base: type, fields: dict[str, tuple[Any, Any]]) -> type:
    annotations = {key: annotation for key, (annotation, _) in fields.items()}
    made = type(name, (base,), {"__annotations__": annotations, "__module__": __name__})
    for key, (_, made_field) in fields.items():
        setattr(made, key, made_field)
    return made


def _shown(node: Any) -> type[Success]:
    """A result with the row that was written, read anew with what is selected of it."""

    def row(self: Any, info: Info) -> Any:
        return fetch_one(node.resource.rows(info.context.viewer).filter(pk=self.key), info._raw_info)

    words = f"The {node.resource.model._meta.verbose_name} as it is now."
    body = {root_name(node.resource): field(words, node)(row), "__annotations__": {}}
    return strawberry.type(type(f"{_name(node)}Written", (RowSuccess,), body))


def _columns(resource: Resource[Any], *, all_optional: bool = False) -> dict[str, tuple[Any, Any]]:
    """The fields of an input: what the declaration lets be written."""
    fields = {}
    for name in resource.write:
        column: Any = resource.model._meta.get_field(name)
        words = input_description_of(f"{resource.model.__name__}.{to_camel_case(name)}", column)
        kind = _kind(column)
        if all_optional or column.null or column.blank or column.has_default():
            fields[name] = (kind | None, strawberry.field(default=UNSET, description=words))
        else:
            fields[name] = (kind, strawberry.field(description=words))
    return fields


def _kind(column: Any) -> Any:
    if column.is_relation:
        return list[ID] if is_many(column) else ID
    return value_type(column)


def _data(resource: Resource[Any], given: Any) -> dict[str, Any]:
    """What the writer is given. Raises NotFound for an id of another type."""
    values = {name: getattr(given, name) for name in resource.write}
    return {name: _value(resource, name, value) for name, value in values.items() if value is not UNSET}


def _value(resource: Resource[Any], name: str, given: Any) -> Any:
    column: Any = resource.model._meta.get_field(name)
    if given is None or not column.is_relation:
        return given.value if isinstance(given, Enum) else given
    related = RESOURCES[column.related_model]
    if is_many(column):
        return [key_of(related, each, field=name) for each in given]
    return key_of(related, given, field=name)


def _name(node: Any) -> str:
    return node.resource.model.__name__
