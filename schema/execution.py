"""One operation is executed: for the HTTP door and for the websocket alike."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from graphql import GraphQLError, OperationType

from backend.errors import DomainError
from backend.resources.viewer import Viewer
from schema import documents
from schema.context import Context
from schema.documents import Refused
from schema.errors import public
from schema.persisted import Known, known_document
from schema.root import schema

READ_ONLY = frozenset({OperationType.QUERY})
ONE_ANSWER = frozenset({OperationType.QUERY, OperationType.MUTATION})
EVERYONE, STAFF = "everyone", "staff"


@dataclass(frozen=True, slots=True)
class Operation:
    """What a client asks to be executed: a document, its hash, or both."""

    query: str = ""
    variables: dict[str, Any] = field(default_factory=dict)
    operation_name: str | None = None
    sha256: str | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """What is sent back; `was_executed` is False when the request itself was wrong."""

    data: dict[str, Any] | None = None
    errors: Sequence[GraphQLError] = ()
    was_executed: bool = False
    extensions: Mapping[str, Any] = field(default_factory=dict)

    def body(self) -> dict[str, Any]:
        """As JSON holds it."""
        body: dict[str, Any] = {"data": self.data} if self.was_executed else {}
        if self.errors:
            body["errors"] = [error.formatted for error in self.errors]
        return {**body, "extensions": self.extensions} if self.extensions else body


@dataclass(frozen=True, slots=True)
class Approved:
    """An operation that may be executed: its document is known, valid, and within all limits."""

    text: str
    variables: dict[str, Any]
    operation_name: str | None
    kind: OperationType
    extensions: Mapping[str, Any]


class NotOfThisKind(Exception):
    """The operation does something that this way of asking does not allow."""

    def __init__(self, kind: OperationType) -> None:
        super().__init__(kind.value)
        self.kind = kind


def approved(operation: Operation, viewer: Viewer) -> Approved:
    """For threads that may use the database. Raises Refused."""
    known = known_document(operation.query, operation.sha256)
    found = documents.approved(schema._schema, known.text, operation.operation_name, operation.variables)
    if found.introspects and not _may_introspect(viewer):
        raise Refused(_NO_INTROSPECTION, cost=found.cost)
    return Approved(
        known.text, operation.variables, operation.operation_name, found.kind, _extensions(found.cost, known)
    )


def execute(operation: Operation, context: Context, allowed: frozenset[OperationType] = ONE_ANSWER) -> Answer:
    """The answer to a query or mutation; for threads that may use the database. Raises NotOfThisKind."""
    try:
        ready = approved(operation, context.viewer)
    except Refused as refused:
        return refused_answer(refused)
    if ready.kind not in allowed:
        raise NotOfThisKind(ready.kind)
    return answer(ready, context)


def answer(ready: Approved, context: Context) -> Answer:
    """The answer to a query or mutation; for threads that may use the database."""
    result = schema.execute_sync(ready.text, ready.variables, context, operation_name=ready.operation_name)
    errors = public(result.errors or ())
    # A wrong variable stops everything before the first field: it has no path, and there is no data.
    was_executed = result.data is not None or any(error.path for error in errors)
    return Answer(result.data, errors, was_executed, ready.extensions)


def refused_answer(refused: Refused) -> Answer:
    """The answer when the operation was looked at, and not executed."""
    return Answer(errors=refused.errors, extensions={} if refused.cost is None else _extensions(refused.cost))


def refusal(error: DomainError) -> Answer:
    """The answer when the operation was not even looked at."""
    return Answer(errors=[GraphQLError(error.message, extensions={"code": error.code})])


def _extensions(cost: int, known: Known | None = None) -> dict[str, Any]:
    extensions: dict[str, Any] = {"cost": {"requested": cost, "maximum": settings.GRAPHQL_MAX_COST}}
    if known and known.warnings:
        extensions["warnings"] = known.warnings
    return extensions


def _may_introspect(viewer: Viewer) -> bool:
    return settings.GRAPHQL_INTROSPECTION == EVERYONE or (settings.GRAPHQL_INTROSPECTION == STAFF and viewer.is_staff)


_NO_INTROSPECTION = GraphQLError(
    "You may not ask for the schema here; it is published as a file.",
    extensions={"code": "INTROSPECTION_NOT_ALLOWED"},
)
