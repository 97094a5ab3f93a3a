"""What a document selects, read ahead of execution."""

from collections.abc import Iterable, Iterator
from typing import Any

from graphql import (
    FieldNode,
    FragmentSpreadNode,
    GraphQLBoolean,
    GraphQLField,
    GraphQLObjectType,
    GraphQLResolveInfo,
    InlineFragmentNode,
    SelectionNode,
    get_argument_values,
    get_named_type,
    value_from_ast,
)
from graphql.execution.values import VariableValues

Fields = list[tuple[GraphQLField, FieldNode]]


class Selection:
    """The fields that some nodes of the document select on one object type."""

    def __init__(self, info: GraphQLResolveInfo, of: GraphQLObjectType, nodes: Iterable[FieldNode]) -> None:
        self.info = info
        self.type = of
        self.fields: Fields = [
            (of.fields[node.name.value], node)
            for parent in nodes
            for node in self._included(parent.selection_set.selections if parent.selection_set else ())
            if node.name.value in of.fields
        ]

    def names(self) -> set[str]:
        """The names of the fields, without aliases."""
        return {node.name.value for _, node in self.fields}

    def nodes(self, name: str) -> list[FieldNode]:
        """Where a field is selected: more than once when it has aliases or stands in fragments."""
        return [node for _, node in self.fields if node.name.value == name]

    def below(self, name: str) -> "Selection":
        """What is selected on the object that a field leads to, all its aliases together."""
        return Selection(self.info, get_named_type(self.type.fields[name].type), self.nodes(name))

    def of_nodes(self, nodes: Iterable[FieldNode]) -> "Selection":
        """What these nodes select on the object that they lead to."""
        nodes = list(nodes)
        return Selection(self.info, get_named_type(self.type.fields[nodes[0].name.value].type), nodes)

    def arguments(self, field: GraphQLField, node: FieldNode) -> dict[str, Any]:
        """The values of a field's arguments, by their GraphQL names, as its resolver will be given them."""
        return get_argument_values(field, node, VariableValues({}, self._variables()))

    def _variables(self) -> dict[str, Any]:
        """Queries and mutations have plain values, from Strawberry; subscriptions what graphql-core makes of them."""
        given: Any = self.info.variable_values
        return getattr(given, "coerced", given)

    def _included(self, selections: Iterable[SelectionNode]) -> Iterator[FieldNode]:
        for node in selections:
            if not self._is_included(node):
                continue
            if isinstance(node, FieldNode):
                yield node
            elif self._fits(fragment := self._fragment(node)):
                yield from self._included(fragment.selection_set.selections)

    def _fragment(self, node: SelectionNode) -> Any:
        return self.info.fragments[node.name.value] if isinstance(node, FragmentSpreadNode) else node

    def _fits(self, fragment: Any) -> bool:
        if isinstance(fragment, InlineFragmentNode) and fragment.type_condition is None:
            return True
        wanted = fragment.type_condition.name.value
        return wanted == self.type.name or any(wanted == each.name for each in self.type.interfaces)

    def _is_included(self, node: SelectionNode) -> bool:
        return all(
            (directive.name.value == "include") == self._condition(directive)
            for directive in node.directives or ()
            if directive.name.value in ("include", "skip")
        )

    def _condition(self, directive: Any) -> bool:
        (argument,) = directive.arguments
        return bool(value_from_ast(argument.value, GraphQLBoolean, self._variables()))


def selection_of(info: GraphQLResolveInfo, of: GraphQLObjectType | None = None) -> Selection:
    """What is selected on the field that is being resolved; `of` is its object type where it returns an interface."""
    return Selection(info, of or get_named_type(info.return_type), info.field_nodes)
