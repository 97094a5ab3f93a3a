"""What a document amounts to: its depth, its aliases and its price, found in one walk."""

from typing import NamedTuple

from graphql import (
    ArgumentNode,
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    InlineFragmentNode,
    ListValueNode,
    ObjectValueNode,
    OperationDefinitionNode,
    SelectionSetNode,
    ValueNode,
    VariableNode,
)

from schema.cost import SCALAR_PRICE, SCHEMA_PRICE, SIZE_ARGUMENTS, TYPE_PRICE, Price, Prices, Values

INTROSPECTION = {"__schema": SCHEMA_PRICE, "__type": TYPE_PRICE}


class Size(NamedTuple):
    """What a part of a document amounts to, with its fragments spread out."""

    depth: int = 0
    aliases: int = 0
    price: Price = Price()


NOTHING = Size()


class Measure:
    """Measures a document; every fragment once, so that fragments of fragments cannot make it slow."""

    def __init__(self, document: DocumentNode, prices: Prices, values: Values) -> None:
        self.fields = 0
        self.nesting = 0
        self.introspects = False
        self.size_variables: set[str] = set()
        self._prices = prices
        self._values = values
        self._fragments = {
            each.name.value: each for each in document.definitions if isinstance(each, FragmentDefinitionNode)
        }
        self.fragments = len(self._fragments)
        self._known: dict[str, Size] = {}

    def operation(self, operation: OperationDefinitionNode) -> Size:
        """One operation of the document."""
        for definition in operation.variable_definitions or ():
            self._note_nesting(definition.default_value)
        return self._of(operation.selection_set, self._prices.roots.get(operation.operation, ""))

    def unused_fragments(self) -> None:
        """Those too that no operation spreads: validation reads them all."""
        for name in self._fragments:
            self._of_fragment(name)

    def _of(self, selections: SelectionSetNode | None, type_name: str) -> Size:
        depth = aliases = once = per_row = 0
        for node in selections.selections if selections else ():
            if isinstance(node, FieldNode):
                size = self._of_field(node, type_name)
            elif isinstance(node, FragmentSpreadNode):
                size = self._of_fragment(node.name.value)
            elif isinstance(node, InlineFragmentNode):
                condition = node.type_condition
                size = self._of(node.selection_set, condition.name.value if condition else type_name)
            else:
                continue
            depth = max(depth, size.depth)
            aliases += size.aliases
            once += size.price.once
            per_row += size.price.per_row
        return Size(depth, aliases, Price(once, per_row))

    def _of_field(self, node: FieldNode, type_name: str) -> Size:
        self.fields += 1
        name = node.name.value
        aliases = node.alias is not None
        if name.startswith("__"):
            below = self._of(node.selection_set, "")
            self.introspects |= name in INTROSPECTION
            # Introspection is deep by nature; graphql-core has a rule of its own for it.
            return Size(0, aliases + below.aliases, Price(INTROSPECTION.get(name, SCALAR_PRICE)))
        facts = self._prices.of(type_name).get(name)
        below = self._of(node.selection_set, facts.leads_to if facts else "")
        for argument in node.arguments or ():
            self._note_argument(argument)
        price = facts.price(node, below.price, self._values) if facts else Price(SCALAR_PRICE)
        return Size(1 + below.depth, aliases + below.aliases, price)

    def _note_argument(self, argument: ArgumentNode) -> None:
        value = argument.value
        if isinstance(value, VariableNode):
            if argument.name.value in SIZE_ARGUMENTS:
                self.size_variables.add(value.name.value)
        else:
            self._note_nesting(value)

    def _note_nesting(self, value: ValueNode | None) -> None:
        if isinstance(value, ListValueNode | ObjectValueNode):
            self.nesting = max(self.nesting, nesting_of(value))

    def _of_fragment(self, name: str) -> Size:
        if name not in self._known:
            # A fragment within itself is an error that validation names; here it only must not go on forever.
            self._known[name] = NOTHING
            fragment = self._fragments.get(name)
            if fragment is not None:
                self._known[name] = self._of(fragment.selection_set, fragment.type_condition.name.value)
        return self._known[name]


def nesting_of(value: ValueNode) -> int:
    """How deep the lists and objects of a literal stand in each other."""
    if isinstance(value, ListValueNode):
        return 1 + max(map(nesting_of, value.values), default=0)
    if isinstance(value, ObjectValueNode):
        return 1 + max((nesting_of(each.value) for each in value.fields), default=0)
    return 0
