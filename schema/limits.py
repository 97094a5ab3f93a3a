"""How much a document may ask for, measured in one pass before anything is validated."""

from dataclasses import dataclass

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionSetNode,
)

MOST_TOKENS = 2_000
MOST_DEPTH = 12
MOST_ALIASES = 30


@dataclass(frozen=True, slots=True)
class Size:
    """What a part of a document amounts to, with its fragments spread out."""

    depth: int = 0
    aliases: int = 0


class Measure:
    """Measures a document; every fragment once, so that fragments of fragments cannot make it slow."""

    def __init__(self, document: DocumentNode) -> None:
        definitions = document.definitions
        self._fragments = {each.name.value: each for each in definitions if isinstance(each, FragmentDefinitionNode)}
        self._operations = [each for each in definitions if isinstance(each, OperationDefinitionNode)]
        self._known: dict[str, Size] = {}

    def whole(self) -> Size:
        """The greatest depth and the aliases of all operations."""
        sizes = [self._of(operation.selection_set) for operation in self._operations]
        return Size(max((each.depth for each in sizes), default=0), sum(each.aliases for each in sizes))

    def _of(self, selections: SelectionSetNode | None) -> Size:
        depth = aliases = 0
        for node in selections.selections if selections else ():
            if isinstance(node, FieldNode):
                below = self._of(node.selection_set)
                # Introspection is deep by nature; graphql-core has a rule of its own for it.
                size = Size(0 if node.name.value.startswith("__") else 1 + below.depth, below.aliases)
                aliases += node.alias is not None
            elif isinstance(node, FragmentSpreadNode):
                size = self._of_fragment(node.name.value)
            elif isinstance(node, InlineFragmentNode):
                size = self._of(node.selection_set)
            else:
                continue
            depth, aliases = max(depth, size.depth), aliases + size.aliases
        return Size(depth, aliases)

    def _of_fragment(self, name: str) -> Size:
        if name not in self._known:
            # A fragment within itself is an error that validation names; here it only must not go on forever.
            self._known[name] = Size()
            fragment = self._fragments.get(name)
            self._known[name] = self._of(fragment.selection_set if fragment else None)
        return self._known[name]


def excess(document: DocumentNode) -> list[GraphQLError]:
    """In what the document exceeds the limits."""
    try:
        size = Measure(document).whole()
    except RecursionError:
        size = Size(depth=MOST_DEPTH + 1)
    errors = []
    if size.depth > MOST_DEPTH:
        errors.append(_refusal(f"The document is more than {MOST_DEPTH} fields deep.", "DOCUMENT_TOO_DEEP"))
    if size.aliases > MOST_ALIASES:
        errors.append(_refusal(f"The document has more than {MOST_ALIASES} aliases.", "TOO_MANY_ALIASES"))
    return errors


def _refusal(message: str, code: str) -> GraphQLError:
    return GraphQLError(message, extensions={"code": code})
