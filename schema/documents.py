"""A document becomes an operation that may be executed: parsed, measured and validated once, then remembered."""

from collections.abc import Iterator
from functools import lru_cache

from django.conf import settings
from graphql import (
    DocumentNode,
    GraphQLError,
    GraphQLSchema,
    OperationDefinitionNode,
    OperationType,
    parse,
    specified_rules,
    validate,
)
from strawberry.extensions import SchemaExtension
from strawberry.schema.validation_rules.maybe_null import MaybeNullValidationRule
from strawberry.schema.validation_rules.one_of import OneOfInputValidationRule

from schema.limits import MOST_TOKENS, excess

REMEMBERED = 256
# Those of GraphQL, and those that Strawberry adds for its own kinds of inputs.
RULES = (*specified_rules, MaybeNullValidationRule, OneOfInputValidationRule)
PARSE_FAILED = {"code": "GRAPHQL_PARSE_FAILED"}
UNCLEAR_OPERATION = {"code": "OPERATION_RESOLUTION_FAILURE"}


class Refused(Exception):
    """The document cannot be executed; `errors` say why, coded for clients."""

    def __init__(self, *errors: GraphQLError) -> None:
        super().__init__(errors[0].message)
        self.errors = errors


def kind_of(schema: GraphQLSchema, text: str, operation_name: str | None) -> OperationType:
    """What the document's operation does. Raises Refused when the document or the choice in it is wrong."""
    document = _parsed(text)
    if faults := _faults(schema, document):
        raise Refused(*faults)
    return _chosen(document, operation_name).operation


def _chosen(document: DocumentNode, name: str | None) -> OperationDefinitionNode:
    operations = [each for each in document.definitions if isinstance(each, OperationDefinitionNode)]
    if name is not None:
        operations = [each for each in operations if each.name and each.name.value == name]
    match operations:
        case [operation]:
            return operation
        case []:
            message = "The document has no operation of this name." if name else "The document has no operation."
        case _:
            message = "The document has several operations: say which by operationName."
    raise Refused(GraphQLError(message, extensions=UNCLEAR_OPERATION))


@lru_cache(REMEMBERED)
def _parsed(text: str) -> DocumentNode:
    try:
        return parse(text, max_tokens=MOST_TOKENS)
    except GraphQLError as error:
        raise Refused(_coded(error, PARSE_FAILED["code"])) from None
    except RecursionError:
        raise Refused(GraphQLError("The document is nested too deep to be read.", extensions=PARSE_FAILED)) from None


@lru_cache(REMEMBERED)
def _faults(schema: GraphQLSchema, document: DocumentNode) -> tuple[GraphQLError, ...]:
    return tuple(
        excess(document)
        or (
            _coded(error, "GRAPHQL_VALIDATION_FAILED")
            for error in validate(schema, document, RULES, hide_suggestions=not settings.DEBUG)
        )
    )


def _coded(error: GraphQLError, code: str) -> GraphQLError:
    return GraphQLError(
        error.message, error.nodes, error.source, error.positions, extensions={"code": code, **(error.extensions or {})}
    )


class Remembered(SchemaExtension):
    """Gives Strawberry the document that `kind_of` has parsed and found good."""

    def on_parse(self) -> Iterator[None]:
        """Called by Strawberry."""
        self.execution_context.graphql_document = _parsed(self.execution_context.query or "")
        yield

    def on_validate(self) -> Iterator[None]:
        """Called by Strawberry."""
        self.execution_context.pre_execution_errors = []
        yield
