"""How the door says that something went wrong: typed errors within payloads, coded errors beside the data."""

import logging
import uuid
from collections.abc import Sequence
from typing import Any

import strawberry
from graphql import GraphQLError
from strawberry.utils.str_converters import to_camel_case

from backend import errors as domain

log = logging.getLogger(__name__)


@strawberry.interface(description="Why a mutation did nothing.")
class Error:
    code: str = strawberry.field(description="What went wrong, as a stable name to decide by.")
    message: str = strawberry.field(description="What went wrong, as a sentence for a person.")
    field: str | None = strawberry.field(description="The field of the input that was wrong; null: none alone.")
    client_mutation_id: str | None = strawberry.field(description="What the input named itself with.", default=None)


@strawberry.type(description="It does not exist, or you may not know that it does.")
class NotFoundError(Error):
    """Of NotFound."""


@strawberry.type(description="A value is missing, malformed or out of its range.")
class InvalidInputError(Error):
    """Of InvalidInput."""


@strawberry.type(description="Somebody else has changed it since you read it: read it again.")
class ConflictError(Error):
    """Of Conflict."""


@strawberry.type(description="You may see it, but you may not do this to it.")
class NotPermittedError(Error):
    """Of NotPermitted."""


@strawberry.type(description="The call needs a valid token.")
class NotAuthenticatedError(Error):
    """Of NotAuthenticated."""


@strawberry.type(description="The value is understood but not offered here (yet).")
class UnsupportedError(Error):
    """Of Unsupported."""


@strawberry.type(description="A part of the server did not answer in time; try again.")
class UnavailableError(Error):
    """Of EngineUnavailable."""


@strawberry.type(description="A rule stands against it; the code says which.")
class RefusedError(Error):
    """Of every other broken rule."""


# The first that fits.
TYPES: tuple[tuple[type[domain.DomainError], type[Error]], ...] = (
    (domain.NotFound, NotFoundError),
    (domain.InvalidInput, InvalidInputError),
    (domain.Conflict, ConflictError),
    (domain.NotPermitted, NotPermittedError),
    (domain.NotAuthenticated, NotAuthenticatedError),
    (domain.Unsupported, UnsupportedError),
    (domain.EngineUnavailable, UnavailableError),
    (domain.DomainError, RefusedError),
)
ERROR_TYPES = tuple(shown for _, shown in TYPES)


def presented(error: domain.DomainError, client_mutation_id: str | None = None) -> Error:
    """A broken rule as the member of a payload."""
    shown = next(shown for kind, shown in TYPES if isinstance(error, kind))
    field = None if error.field is None else to_camel_case(error.field)
    return shown(code=error.code, message=error.message, field=field, client_mutation_id=client_mutation_id)


def public(errors: Sequence[GraphQLError]) -> list[GraphQLError]:
    """The errors as clients may see them: coded, and faults of ours without their text."""
    return [_public(error) for error in errors]


def _public(error: GraphQLError) -> GraphQLError:
    cause = _cause(error)
    if cause is None:
        return _with(error, error.message, {"code": "BAD_USER_INPUT", **(error.extensions or {})})
    if isinstance(cause, domain.DomainError):
        return _with(error, cause.message, {"code": cause.code, "field": cause.field and to_camel_case(cause.field)})
    fault = uuid.uuid4().hex
    log.error("Fault %s at %s", fault, error.path, exc_info=cause)
    return _with(error, "Something went wrong here.", {"code": "INTERNAL_ERROR", "id": fault})


def _cause(error: GraphQLError) -> BaseException | None:
    """What a resolver raised; None for what graphql found wrong with the values that it was given."""
    if error.path is None and error.nodes:
        return None
    cause: BaseException | None = error.original_error
    while isinstance(cause, GraphQLError):
        cause = cause.original_error
    return cause


def _with(error: GraphQLError, message: str, extensions: dict[str, Any]) -> GraphQLError:
    return GraphQLError(
        message,
        nodes=error.nodes,
        source=error.source,
        positions=error.positions,
        path=error.path,
        extensions=extensions,
    )
