"""The orders of a resource: by the columns that its declaration names."""

from collections.abc import Mapping, Sequence
from enum import Enum, EnumType
from typing import Any

import strawberry
from django.db.models import Model
from strawberry.utils.str_converters import to_camel_case

from backend.errors import InvalidInput
from backend.resources.resource import Resource
from schema.derive.keyset import DESCENDING, Order
from schema.words import description_of

MOST_TERMS = 4


@strawberry.enum(description="Which way an order goes.")
class OrderDirection(Enum):
    ASC = strawberry.enum_value("", description="Small, early and A first. Rows without a value come last.")
    DESC = strawberry.enum_value(DESCENDING, description="Great, late and Z first. Rows without a value come last.")


def order_input(resource: Resource[Any]) -> Any:
    """The input type that names one column of an order, and its enum of columns."""
    name = resource.model.__name__
    made = type(f"{name}Order", (), {"__annotations__": {"field": _fields(resource), "direction": OrderDirection}})
    made.field = strawberry.field(description="By what.")
    made.direction = strawberry.field(default=OrderDirection.ASC, description="Which way.")
    return strawberry.input(made, description=f"An order of {resource.model._meta.verbose_name_plural}.")


def _fields(resource: Resource[Any]) -> Any:
    """Columns of its own: an order by related rows would tell how those stand that one may not see."""
    model = resource.model
    names = [name for name in resource.order if not model._meta.get_field(name).is_relation]
    values = {name.upper(): strawberry.enum_value(name, description=_words(model, name)) for name in names}
    made: Any = EnumType.__call__(Enum, f"{model.__name__}OrderField", values)
    return strawberry.enum(made, description=f"What {model._meta.verbose_name_plural} can be in order of.")


def _words(model: type[Model], name: str) -> str:
    if name == model._meta.pk.name:
        return "As they were made." if model._meta.pk.get_internal_type() != "UUIDField" else "By their ids."
    return description_of(f"{model.__name__}.{to_camel_case(name)}", model._meta.get_field(name))


def order_of(resource: Resource[Any], given: Sequence[Mapping[str, Any]] | None) -> Order:
    """The order that `orderBy` names, else the model's own. Raises InvalidInput."""
    if given is None:
        return Order.of(resource.model)
    names = [each["field"].value for each in given]
    if len(names) > MOST_TERMS or len(set(names)) < len(names):
        raise InvalidInput(f"At most {MOST_TERMS} columns, each once.", field="order_by")
    return Order.of(resource.model, tuple(each["direction"].value + each["field"].value for each in given))
