"""What a document may cost: the rows that it may ask for, counted before any of them is read.

An object costs one point, a scalar a tenth, and lists multiply what stands in them: by the page's size, or by a
constant where a list has no pages. A field that is more work than its rows says how many points besides. Fragments
and skipped parts count where they stand: it is an upper bound.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from graphql import (
    FieldNode,
    GraphQLField,
    GraphQLOutputType,
    GraphQLSchema,
    IntValueNode,
    ListValueNode,
    OperationDefinitionNode,
    OperationType,
    ValueNode,
    VariableNode,
    get_named_type,
    is_interface_type,
    is_leaf_type,
    is_object_type,
    is_wrapping_type,
)
from graphql.type import GraphQLList

from schema.derive.pages import DEFAULT_SIZE, MOST_ROWS
from schema.derive.plan import metadata_of

# Prices are whole tenths of a point.
POINT = 10
SCALAR_PRICE = 1
OBJECT_PRICE = 10
# The whole schema is some thousand objects, which are made without the database.
SCHEMA_PRICE = 10_000 * POINT
TYPE_PRICE = 1_000 * POINT
# Lists without pages are short: languages, gains, choices.
UNPAGED_ROWS = 10
PAGE_ARGUMENTS = ("first", "last")
KEYS_ARGUMENT = "ids"
SIZE_ARGUMENTS = frozenset({*PAGE_ARGUMENTS, KEYS_ARGUMENT})
# As JavaScript counts: a greater number would be rounded by those who read it.
MOST_POINTS = 2**53 - 1

# Under this name the metadata of a field holds the points that it costs besides: one is about 50 µs of work.
POINTS = "points"

Values = Mapping[str, int | None]


class Price(NamedTuple):
    """What a selection costs: once, and again for each row of the page that it stands on."""

    once: int = 0
    per_row: int = 0


@dataclass(frozen=True, slots=True)
class Facts:
    """What the price of a field follows from."""

    leads_to: str
    is_leaf: bool
    is_list: bool
    is_edge: bool
    # How many rows when the arguments are silent; None where there are no pages.
    page_rows: int | None
    has_keys: bool
    besides: int

    @classmethod
    def of(cls, field: GraphQLField) -> "Facts":
        """Of a field of the schema."""
        named = get_named_type(field.type)
        return cls(
            leads_to=named.name,
            is_leaf=is_leaf_type(named),
            is_list=_has_list(field.type),
            is_edge=is_object_type(named) and {"node", "cursor"} == set(named.fields),
            page_rows=_page_rows(field),
            has_keys=KEYS_ARGUMENT in field.args,
            besides=metadata_of(field).get(POINTS, 0) * POINT,
        )

    def price(self, node: FieldNode, below: Price, values: Values) -> Price:
        """Of one such field, with what is selected below it."""
        found = self._of_rows(node, below, values)
        return Price(self.besides + found.once, found.per_row)

    def _of_rows(self, node: FieldNode, below: Price, values: Values) -> Price:
        if self.is_leaf:
            return Price(SCALAR_PRICE)
        # An edge is what its row is wrapped in.
        each = below.once if self.is_edge else OBJECT_PRICE + below.once
        rows = UNPAGED_ROWS if self.page_rows is None else self._page(node, values, self.page_rows)
        if not self.is_list:
            return Price(each + below.per_row * rows)
        each += below.per_row * UNPAGED_ROWS
        if self.page_rows is not None:
            return Price(each * rows)
        if self.has_keys:
            return Price(each * self._keys(node, values))
        return Price(0, each)

    def _page(self, node: FieldNode, values: Values, otherwise: int) -> int:
        arguments = node.arguments or ()
        given = [_number(each.value, values) for each in arguments if each.name.value in PAGE_ARGUMENTS]
        sizes = [each for each in given if each is not None]
        return min(max(0, *sizes), MOST_ROWS) if sizes else otherwise

    def _keys(self, node: FieldNode, values: Values) -> int:
        given = (each.value for each in node.arguments or () if each.name.value == KEYS_ARGUMENT)
        return next((_number(each, values) for each in given), None) or 1


class Prices:
    """The facts of all fields of a schema, by the names of their types."""

    def __init__(self, schema: GraphQLSchema) -> None:
        roots = {kind: schema.get_root_type(kind) for kind in OperationType}
        self.roots = {kind: root.name for kind, root in roots.items() if root}
        self._of = {
            name: {field_name: Facts.of(field) for field_name, field in kind.fields.items()}
            for name, kind in schema.type_map.items()
            if is_object_type(kind) or is_interface_type(kind)
        }

    def of(self, type_name: str) -> Mapping[str, Facts]:
        """The facts of a type's fields; none of a union, nor of a type that is none."""
        return self._of.get(type_name, {})


def sizes_given(operation: OperationDefinitionNode, variables: Mapping[str, Any], names: frozenset[str]) -> Values:
    """The variables that say how long a list is: a number, how many a list holds, or None for what is neither."""
    values: dict[str, int | None] = {}
    for definition in operation.variable_definitions or ():
        name = definition.variable.name.value
        if name in names:
            default = _number(definition.default_value, {}) if definition.default_value else None
            values[name] = _size(variables[name]) if name in variables else default
    return values


def points(price: Price) -> int:
    """As clients are told."""
    return min(-(-(price.once + price.per_row * UNPAGED_ROWS) // POINT), MOST_POINTS)


def _number(value: ValueNode, values: Values) -> int | None:
    if isinstance(value, IntValueNode):
        # A number of a thousand digits would take long to read, and is refused later.
        return int(value.value[:10])
    if isinstance(value, ListValueNode):
        return len(value.values)
    return values.get(value.name.value) if isinstance(value, VariableNode) else None


def _size(given: object) -> int | None:
    if isinstance(given, list):
        return len(given)
    return given if isinstance(given, int) else None


def _page_rows(field: GraphQLField) -> int | None:
    arguments = [field.args[name] for name in PAGE_ARGUMENTS if name in field.args]
    if not arguments:
        return None
    literals = (each.default.literal for each in arguments if each.default)
    defaults = [each.default_value for each in arguments] + [_number(each, {}) for each in literals if each]
    return next((each for each in defaults if isinstance(each, int)), DEFAULT_SIZE)


def _has_list(kind: GraphQLOutputType) -> bool:
    while is_wrapping_type(kind):
        if isinstance(kind, GraphQLList):
            return True
        kind = kind.of_type
    return False
