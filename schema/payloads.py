"""A mutation's one input, and its answer: the result, or one of the typed errors."""

from collections.abc import Callable
from functools import reduce
from operator import or_
from typing import Annotated, Any, TypeVar, cast

import strawberry

from backend.errors import DomainError
from schema.errors import ERROR_TYPES, Error, presented
from schema.fields import Resolver, field

SuccessType = TypeVar("SuccessType", bound="Success")


@strawberry.input
class Input:
    """What all inputs share."""

    client_mutation_id: str | None = strawberry.field(
        default=None, description="Any text of your own; the answer repeats it."
    )


@strawberry.type
class Success:
    """What all results share."""

    client_mutation_id: str | None = strawberry.field(default=None, description="What the input named itself with.")


def mutation(success: type[Success], description: str) -> Callable[[Resolver], Resolver]:
    """A mutation whose payload is the union of `success` and all typed errors."""
    name = success.__name__.removesuffix("Success")
    words = f"What `{name[0].lower()}{name[1:]}` did, or why it did nothing."
    union: Any = reduce(or_, ERROR_TYPES, success)
    made = field(description, Annotated[union, strawberry.union(f"{name}Payload", description=words)])

    def decorate(resolver: Resolver) -> Resolver:
        decorated: Any = made(resolver)
        (given,) = decorated.arguments
        given.description = given.type.__strawberry_definition__.description
        return cast(Resolver, decorated)

    return decorate


def payload(given: Input, act: Callable[[], SuccessType]) -> SuccessType | Error:
    """What `act` returns, or the broken rule that it raised as a typed error."""
    try:
        result = act()
    except DomainError as error:
        return presented(error, given.client_mutation_id)
    result.client_mutation_id = given.client_mutation_id
    return result
