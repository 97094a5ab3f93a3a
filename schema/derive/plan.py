"""Which columns and related rows a selection needs: read ahead, so that no row asks the database by itself."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from django.db.models import Prefetch, QuerySet
from graphql import GraphQLField, GraphQLResolveInfo

from backend.resources.resource import Resource
from schema.derive.keyset import Order
from schema.derive.pages import Window, cut
from schema.derive.selection import Selection

# What a derived field keeps in its strawberry field's metadata.
STEP, READER = "step", "reader"


@dataclass(frozen=True, slots=True)
class Related:
    """Rows that are read beside their parents, one statement for all parents; they land in the attribute `slot`."""

    path: str
    rows: QuerySet[Any]
    slot: str


@dataclass(slots=True)
class Branch:
    """What is read of the rows of one type."""

    columns: set[str] = field(default_factory=set)
    joined: set[str] = field(default_factory=set)
    related: list[Related] = field(default_factory=list)
    computed: dict[str, Any] = field(default_factory=dict)

    def join(self, name: str, other: "Branch") -> None:
        """Read what `other` needs in the same statement, over a key to one row."""
        self.columns |= {name, *(f"{name}__{column}" for column in other.columns)}
        self.joined |= {name, *(f"{name}__{path}" for path in other.joined)}
        self.related += [Related(f"{name}__{each.path}", each.rows, each.slot) for each in other.related]

    def apply(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """The rows with all that is needed; without limits yet."""
        if self.joined:
            rows = rows.select_related(*self.joined)
        return rows.annotate(**self.computed).only("pk", *self.columns).prefetch_related(*self.prefetches())

    def prefetches(self) -> "list[Prefetch[Any]]":
        """The related rows, as Django reads them."""
        return [Prefetch(each.path, each.rows, to_attr=each.slot) for each in self.related]


class Readable(Protocol):
    """A step that reads what its field shows."""

    def read(self, row: Any, info: GraphQLResolveInfo) -> Any:
        """The value, of a row that was planned with it; a graphql-core resolver."""


class Step(Protocol):
    """What one field of a type needs; stands in its strawberry field's metadata under STEP."""

    def plan(self, planner: "Planner", branch: Branch, selection: Selection, name: str) -> None:
        """Note it in the branch."""


class Planner:
    """Plans for one request."""

    def __init__(self, context: Any) -> None:
        self.context = context

    def visible(self, resource: Resource[Any]) -> QuerySet[Any]:
        """The rows that its viewer may see."""
        return resource.rows(self.context.viewer)

    def branch(self, selection: Selection) -> Branch:
        """What this selection on a type needs."""
        branch = Branch()
        steps = {node.name.value: step_of(field) for field, node in selection.fields}
        for name, step in steps.items():
            if step is not None:
                step.plan(self, branch, selection, name)
        return branch


def step_of(graphql_field: GraphQLField) -> Step | None:
    """The step of a derived field; None for those that need nothing."""
    step: Step | None = metadata_of(graphql_field).get(STEP)
    return step


def metadata_of(graphql_field: GraphQLField) -> Mapping[str, Any]:
    """What a derived field keeps."""
    definition = graphql_field.extensions.get("strawberry-definition")
    return {} if definition is None else definition.metadata


def page_rows(
    planner: Planner,
    connection: Selection,
    rows: QuerySet[Any],
    window: Window,
    order: Order,
    *,
    keep: str | None = None,
) -> QuerySet[Any]:
    """One page of `rows`, with what the connection's nodes select; `keep` is the key by which parents find them."""
    branch = planner.branch(nodes_of(connection))
    branch.columns.update(order.names, (keep,) if keep else ())
    return cut(branch.apply(rows), order, window)


def nodes_of(connection: Selection) -> Selection:
    """What is selected of a connection's rows, below `edges { node }` and below `nodes`."""
    nodes: list[Any] = connection.nodes("nodes")
    if "edges" in connection.names():
        nodes = [*nodes, *connection.below("edges").nodes("node")]
    row_type = Selection(connection.info, connection.type, ()).below("nodes").type
    return Selection(connection.info, row_type, nodes)
