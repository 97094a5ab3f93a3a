"""How much may be asked for at once: the limits of documents and of their variables."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import chain
from typing import Any

from graphql import DocumentNode, GraphQLError, GraphQLSchema, OperationDefinitionNode

from schema.cost import Prices, Values, points, sizes_given
from schema.measure import Measure, Size

MOST_CHARACTERS = 50_000
MOST_LINES = 2_000
MOST_TOKENS = 2_000
MOST_FIELDS = 800
MOST_DEPTH = 12
MOST_ALIASES = 30
MOST_OPERATIONS = 20
MOST_FRAGMENTS = 100
# Of fields of one name and of fragments, as graphql-core counts them: some 25 ms.
MOST_COMPARISONS = 5_000
# Of lists and objects in each other, in an argument and in the variables.
MOST_NESTING = 16
# Of the variables. A geometry's coordinates have a limit of their own.
MOST_VALUES = 2_000
COORDINATES = "coordinates"
# Costs of a document that are remembered, one for each set of page sizes.
REMEMBERED_COSTS = 16


class Survey:
    """What a document amounts to, and in what it exceeds the limits."""

    def __init__(self, schema: GraphQLSchema, document: DocumentNode) -> None:
        self._document = document
        self._prices = prices_of(schema)
        operations = [each for each in document.definitions if isinstance(each, OperationDefinitionNode)]
        measure = Measure(document, self._prices, {})
        try:
            sizes = [measure.operation(each) for each in operations]
            measure.unused_fragments()
        except RecursionError:
            sizes = [Size(depth=MOST_DEPTH + 1)]
        self.introspects = measure.introspects
        self.excess = list(_excess(sizes, measure, len(operations)))
        self._size_variables = frozenset(measure.size_variables)
        self._costs: dict[_CostKey, int] = {}
        if not self._size_variables:
            for operation, size in zip(operations, sizes, strict=False):
                self._costs[_key(operation, {})] = points(size.price)

    def cost(self, operation: OperationDefinitionNode, variables: Mapping[str, Any]) -> int:
        """The points of one of its operations, with these variables; for a document within the limits."""
        sizes = sizes_given(operation, variables, self._size_variables)
        key = _key(operation, sizes)
        found = self._costs.get(key)
        if found is None:
            found = points(Measure(self._document, self._prices, sizes).operation(operation).price)
            if len(self._costs) >= REMEMBERED_COSTS:
                self._costs.clear()
            self._costs[key] = found
        return found


_CostKey = tuple[str, tuple[int | None, ...]]


def _key(operation: OperationDefinitionNode, sizes: Values) -> _CostKey:
    return operation.name.value if operation.name else "", tuple(sizes.values())


@lru_cache(1)
def prices_of(schema: GraphQLSchema) -> Prices:
    """Made once, of the process's one schema."""
    return Prices(schema)


def excess_of(variables: Mapping[str, Any]) -> list[GraphQLError]:
    """In what the variables exceed the limits."""
    values, level = 0, 0
    standing: list[Any] = [variables]
    while standing:
        level += 1
        below = list(chain.from_iterable(map(_values_of, standing)))
        values += len(below)
        if values > MOST_VALUES:
            return [_refusal(f"The variables hold more than {MOST_VALUES} values.", "VARIABLES_TOO_LARGE")]
        if level > MOST_NESTING:
            return [_refusal(f"The variables are nested more than {MOST_NESTING} deep.", "VARIABLES_TOO_DEEP")]
        standing = [each for each in below if isinstance(each, list | dict)]
    return []


def _values_of(value: list[Any] | dict[str, Any]) -> Iterable[Any]:
    return value if isinstance(value, list) else (each for name, each in value.items() if name != COORDINATES)


def _excess(sizes: Sequence[Size], measure: Measure, operations: int) -> Iterator[GraphQLError]:
    if operations > MOST_OPERATIONS:
        yield _refusal(f"The document has more than {MOST_OPERATIONS} operations.", "TOO_MANY_OPERATIONS")
    if measure.fragments > MOST_FRAGMENTS:
        yield _refusal(f"The document has more than {MOST_FRAGMENTS} fragments.", "TOO_MANY_FRAGMENTS")
    if measure.fields > MOST_FIELDS:
        yield _refusal(f"The document has more than {MOST_FIELDS} fields.", "TOO_MANY_FIELDS")
    if measure.nesting > MOST_NESTING:
        yield _refusal(f"An argument is nested more than {MOST_NESTING} deep.", "ARGUMENT_TOO_DEEP")
    if max((each.depth for each in sizes), default=0) > MOST_DEPTH:
        yield _refusal(f"The document is more than {MOST_DEPTH} fields deep.", "DOCUMENT_TOO_DEEP")
    if sum(each.aliases for each in sizes) > MOST_ALIASES:
        yield _refusal(f"The document has more than {MOST_ALIASES} aliases.", "TOO_MANY_ALIASES")


def _refusal(message: str, code: str) -> GraphQLError:
    return GraphQLError(message, extensions={"code": code})
