"""Strawberry's decorators with types: what they give back is used as the function that it was."""

from collections.abc import Callable
from typing import Any, TypeVar, cast

import strawberry

Resolver = TypeVar("Resolver", bound=Callable[..., Any])


def field(description: str, kind: Any = None, **options: Any) -> Callable[[Resolver], Resolver]:
    """A field that a function answers; `kind` is its type where no annotation can say it."""
    return cast(Callable[[Resolver], Resolver], strawberry.field(graphql_type=kind, description=description, **options))


def subscription(description: str) -> Callable[[Resolver], Resolver]:
    """A subscription whose events an async iterator gives."""
    return cast(Callable[[Resolver], Resolver], strawberry.subscription(description=description))
