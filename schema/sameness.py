"""Whether all who see an event are shown the same of it: then it is rendered once for them, whoever they are."""

from collections.abc import Iterable, Iterator
from typing import Any

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLField,
    GraphQLObjectType,
    GraphQLSchema,
    OperationDefinitionNode,
    SelectionNode,
    get_named_type,
    is_abstract_type,
    is_composite_type,
    is_leaf_type,
)

from backend.resources.resource import Resource, everyone
from schema.derive.plan import STEP, metadata_of
from schema.derive.steps import Column, Columns, Computed, ToOne
from schema.derive.texts import Texts, Translations
from schema.media_fields import Playable
from schema.own_steps import Distance, Joined, Peaks, Tallies

# Steps that ask nothing of the viewer; texts do when they are told a visit.
ASK_NOTHING = (Column, Columns, Computed, Joined, Texts, Translations, Playable, Peaks, Distance, Tallies)
# Whoever sees these events sees the row that they are about; it is in their field of this name.
SEEN_WITH_ITS_EVENT = {"AssetAdded": "asset", "AssetChanged": "asset"}


class Sameness:
    """Of one document."""

    def __init__(self, schema: GraphQLSchema, document: DocumentNode) -> None:
        self._schema = schema
        self._fragments = {
            each.name.value: each for each in document.definitions if isinstance(each, FragmentDefinitionNode)
        }

    def personal_types(self, operation: OperationDefinitionNode) -> frozenset[str]:
        """The types that a subscription's field may give of which two viewers may be shown something else."""
        root = self._schema.subscription_type
        assert root is not None
        # One field, which may be written several times.
        nodes = list(self._fields(operation.selection_set.selections, root))
        given: Any = get_named_type(root.fields[nodes[0].name.value].type)
        types = self._schema.get_possible_types(given) if is_abstract_type(given) else [given]
        return frozenset(each.name for each in types if not all(self._is_same(each, node) for node in nodes))

    def _is_same(self, of: GraphQLObjectType, parent: FieldNode) -> bool:
        selections = parent.selection_set.selections if parent.selection_set else ()
        return all(
            node.name.value.startswith("__") or self._is_field_same(of, node, of.fields[node.name.value])
            for node in self._fields(selections, of)
        )

    def _is_field_same(self, of: GraphQLObjectType, node: FieldNode, field: GraphQLField) -> bool:
        step, target = metadata_of(field).get(STEP), get_named_type(field.type)
        if step is None and is_leaf_type(target):
            return True
        if isinstance(step, ASK_NOTHING):
            return not (isinstance(step, Texts) and node.arguments) and self._is_below_same(target, node)
        if isinstance(step, ToOne):
            return step.is_open and self._is_below_same(target, node)
        if step is not None:
            return False
        resource = _resource_of(target)
        is_seen = resource is None or resource.visible_to is everyone
        return (is_seen or SEEN_WITH_ITS_EVENT.get(of.name) == node.name.value) and self._is_below_same(target, node)

    def _is_below_same(self, target: Any, node: FieldNode) -> bool:
        if not is_composite_type(target):
            return True
        return isinstance(target, GraphQLObjectType) and self._is_same(target, node)

    def _fields(self, selections: Iterable[SelectionNode], of: GraphQLObjectType) -> Iterator[FieldNode]:
        names = {of.name, *(each.name for each in of.interfaces)}
        for node in selections:
            if isinstance(node, FieldNode):
                yield node
                continue
            fragment: Any = self._fragments[node.name.value] if isinstance(node, FragmentSpreadNode) else node
            wanted = fragment.type_condition.name.value if fragment.type_condition else of.name
            if wanted in names or self._is_union_with(wanted, of):
                yield from self._fields(fragment.selection_set.selections, of)

    def _is_union_with(self, name: str, of: GraphQLObjectType) -> bool:
        kind: Any = self._schema.get_type(name)
        return is_abstract_type(kind) and self._schema.is_sub_type(kind, of)


def _resource_of(kind: Any) -> Resource[Any] | None:
    """Of the rows that a type shows; None for types that show no rows."""
    definition = getattr(kind, "extensions", {}).get("strawberry-definition")
    resource: Resource[Any] | None = getattr(getattr(definition, "origin", None), "resource", None)
    return resource
