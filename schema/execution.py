"""One operation is executed: for the HTTP door and for the websocket alike."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from graphql import GraphQLError, OperationType

from backend.accounts.tokens import user_from_authorization
from backend.errors import DomainError
from backend.resources.viewer import ANONYMOUS
from schema.context import Context
from schema.documents import Refused, kind_of
from schema.errors import public
from schema.reading import Reader
from schema.root import schema

READ_ONLY = frozenset({OperationType.QUERY})
ONE_ANSWER = frozenset({OperationType.QUERY, OperationType.MUTATION})


@dataclass(frozen=True, slots=True)
class Operation:
    """What a client asks to be executed."""

    query: str
    variables: dict[str, Any] = field(default_factory=dict)
    operation_name: str | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """What is sent back; `was_executed` is False when the request itself was wrong."""

    data: dict[str, Any] | None = None
    errors: Sequence[GraphQLError] = ()
    was_executed: bool = False

    def body(self) -> dict[str, Any]:
        """As JSON holds it."""
        body: dict[str, Any] = {"data": self.data} if self.was_executed else {}
        return {**body, "errors": [error.formatted for error in self.errors]} if self.errors else body


class NotOfThisKind(Exception):
    """The operation does something that this way of asking does not allow."""

    def __init__(self, kind: OperationType) -> None:
        super().__init__(kind.value)
        self.kind = kind


def kind_of_operation(operation: Operation) -> OperationType:
    """What it does. Raises Refused."""
    return kind_of(schema._schema, operation.query, operation.operation_name)


def context_of(authorization: str | None, accept_language: str = "") -> Context:
    """Who asks, by their token. Raises NotAuthenticated for one that is not valid."""
    return Context(user_from_authorization(authorization) or ANONYMOUS, Reader(accept_language))


def execute(operation: Operation, context: Context, allowed: frozenset[OperationType] = ONE_ANSWER) -> Answer:
    """The answer to a query or mutation; for threads that may use the database. Raises NotOfThisKind."""
    try:
        kind = kind_of_operation(operation)
    except Refused as refused:
        return Answer(errors=refused.errors)
    if kind not in allowed:
        raise NotOfThisKind(kind)
    result = schema.execute_sync(operation.query, operation.variables, context, operation_name=operation.operation_name)
    errors = public(result.errors or ())
    # A wrong variable stops everything before the first field: it has no path, and there is no data.
    return Answer(result.data, errors, was_executed=result.data is not None or any(error.path for error in errors))


def refusal(error: DomainError) -> Answer:
    """The answer when the operation was not even looked at."""
    return Answer(errors=[GraphQLError(error.message, extensions={"code": error.code})])
