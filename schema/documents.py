"""A document becomes an operation that may be executed: parsed, measured and validated once, then remembered."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

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
from graphql.validation.rules import overlapping_fields_can_be_merged
from graphql.validation.validate import ValidationAbortedError
from strawberry.extensions import SchemaExtension
from strawberry.schema.validation_rules.maybe_null import MaybeNullValidationRule
from strawberry.schema.validation_rules.one_of import OneOfInputValidationRule

from schema.limits import MOST_CHARACTERS, MOST_COMPARISONS, MOST_LINES, MOST_TOKENS, Survey, excess_of
from schema.recent import Recent

# A token weighs 600 bytes when it is parsed, and is two characters or more: 60 MB at the very most.
REMEMBERED_CHARACTERS = 200_000
# Clients read the first ones at best.
MOST_ERRORS = 10
# Those of GraphQL, and those that Strawberry adds for its own kinds of inputs.
RULES = (*specified_rules, MaybeNullValidationRule, OneOfInputValidationRule)
PARSE_FAILED = {"code": "GRAPHQL_PARSE_FAILED"}
UNCLEAR_OPERATION = {"code": "OPERATION_RESOLUTION_FAILURE"}

# graphql-core compares all fields of one name with each other; this is its own setting for how many.
overlapping_fields_can_be_merged.MAX_COMPLEXITY_BUDGET = MOST_COMPARISONS


class Refused(Exception):
    """The document cannot be executed; `errors` say why, coded for clients. `cost` is known when it is all else."""

    def __init__(self, *errors: GraphQLError, cost: int | None = None) -> None:
        super().__init__(errors[0].message)
        self.errors = errors
        self.cost = cost


@dataclass(frozen=True, slots=True)
class Checked:
    """A document that could be parsed, and what is wrong with it."""

    document: DocumentNode
    survey: Survey
    faults: tuple[GraphQLError, ...]


@dataclass(frozen=True, slots=True)
class Approved:
    """One operation of a document that may be executed, and what it may cost in points."""

    kind: OperationType
    cost: int
    introspects: bool


_checked: Recent[tuple[GraphQLSchema, str], Checked] = Recent(REMEMBERED_CHARACTERS)


def approved(
    schema: GraphQLSchema, text: str, operation_name: str | None = None, variables: Mapping[str, Any] | None = None
) -> Approved:
    """What the document's operation does. Raises Refused when the document or the choice in it is wrong."""
    variables = variables or {}
    checked = check(schema, text)
    if checked.faults:
        raise Refused(*checked.faults)
    operation = chosen(checked.document, operation_name)
    if excess := excess_of(variables):
        raise Refused(*excess)
    cost = checked.survey.cost(operation, variables)
    if cost > settings.GRAPHQL_MAX_COST:
        message = f"The operation costs {cost} points; {settings.GRAPHQL_MAX_COST} is the most. Ask for shorter pages."
        extensions = {"code": "COST_EXCEEDED", "cost": cost, "maximum": settings.GRAPHQL_MAX_COST}
        raise Refused(GraphQLError(message, extensions=extensions), cost=cost)
    return Approved(operation.operation, cost, checked.survey.introspects)


def check(schema: GraphQLSchema, text: str) -> Checked:
    """The document, parsed. Raises Refused when it cannot be."""
    known = _checked.get((schema, text))
    if known is None:
        document = _parsed(text)
        survey = Survey(schema, document)
        known = Checked(document, survey, tuple(survey.excess) or _faults(schema, document))
        _checked.keep((schema, text), known, weight=len(text))
    return known


def forget() -> None:
    """All documents, as if the process had just begun."""
    _checked.forget()


def chosen(document: DocumentNode, name: str | None) -> OperationDefinitionNode:
    """The operation that is meant. Raises Refused when it is not clear which."""
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


def _parsed(text: str) -> DocumentNode:
    # Each error looks for its line, through all lines before it.
    if len(text) > MOST_CHARACTERS or text.count("\n") + text.count("\r") > MOST_LINES:
        message = f"The document is longer than {MOST_CHARACTERS} characters or {MOST_LINES} lines."
        raise Refused(GraphQLError(message, extensions={"code": "DOCUMENT_TOO_LONG"}))
    try:
        return parse(text, max_tokens=MOST_TOKENS)
    except GraphQLError as error:
        raise Refused(_coded(error, PARSE_FAILED["code"])) from None
    except RecursionError:
        raise Refused(GraphQLError("The document is nested too deep to be read.", extensions=PARSE_FAILED)) from None


def _faults(schema: GraphQLSchema, document: DocumentNode) -> tuple[GraphQLError, ...]:
    errors = validate(
        schema, document, RULES, max_errors=MOST_ERRORS, hide_suggestions=not settings.GRAPHQL_SUGGESTIONS
    )
    if len(errors) <= MOST_ERRORS and isinstance(errors[-1] if errors else None, ValidationAbortedError):
        message = "Too many fields of one name, or fragments, meet in one place."
        return (GraphQLError(message, extensions={"code": "TOO_MANY_OVERLAPS"}),)
    return tuple(_coded(error, "GRAPHQL_VALIDATION_FAILED") for error in errors)


def _coded(error: GraphQLError, code: str) -> GraphQLError:
    return GraphQLError(
        error.message, error.nodes, error.source, error.positions, extensions={"code": code, **(error.extensions or {})}
    )


class Remembered(SchemaExtension):
    """Gives Strawberry the document that `approved` has found good."""

    def on_parse(self) -> Iterator[None]:
        """Called by Strawberry."""
        context = self.execution_context
        context.graphql_document = check(context.schema._schema, context.query or "").document
        yield

    def on_validate(self) -> Iterator[None]:
        """Called by Strawberry."""
        self.execution_context.pre_execution_errors = []
        yield
