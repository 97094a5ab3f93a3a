"""The one schema of the process."""

from typing import Any

from django.conf import settings
from graphql import GraphQLError, GraphQLSchema, Undefined, is_input_object_type, is_object_type
from strawberry import Schema
from strawberry.schema.config import StrawberryConfig

from schema.derive.node import all_nodes, give_readers
from schema.documents import Remembered
from schema.mutations import Mutation
from schema.queries import Query
from schema.scalars import SCALARS
from schema.subscriptions import Subscription


class EarshotSchema(Schema):
    """Strawberry's, but it logs no document: that of a stranger may be long, and hold what is secret."""

    def process_errors(self, errors: list[GraphQLError], execution_context: Any = None) -> None:
        """Called by Strawberry with the errors of an operation; `errors.public` logs the faults among them."""

    def _get_custom_context_kwargs(self, *arguments: Any, **options: Any) -> dict[str, Any]:
        """Called by Strawberry for what graphql-core is told besides; it has no setting for values."""
        return super()._get_custom_context_kwargs(*arguments, **options) | {
            "hide_suggestions": not settings.GRAPHQL_SUGGESTIONS
        }


def _without_null_defaults(schema: GraphQLSchema) -> None:
    """What may be left out is left out: Strawberry writes `= null` behind each, which says nothing."""
    for kind in schema.type_map.values():
        if is_input_object_type(kind):
            values = list(kind.fields.values())
        elif is_object_type(kind):
            values = [argument for field in kind.fields.values() for argument in field.args.values()]
        else:
            continue
        for value in values:
            if value.default_value is None:
                value.default_value = Undefined


schema = EarshotSchema(
    query=Query,
    mutation=Mutation,
    subscription=Subscription,
    types=all_nodes(),
    extensions=[Remembered],
    config=StrawberryConfig(scalar_map=SCALARS, disable_field_suggestions=not settings.GRAPHQL_SUGGESTIONS),
)
_without_null_defaults(schema._schema)
give_readers(schema._schema)
