"""Which columns and related rows a selection needs: read ahead, so that no row asks the database by itself."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from django.contrib.gis.db.models.functions import AsGeoJSON
from django.db.models import Count, Field, Model, OuterRef, Prefetch, QuerySet, Subquery
from django.db.models.functions import Coalesce
from graphql import GraphQLField

from backend.resources.resource import Resource, everyone
from schema.derive.pages import Order, Page, Window
from schema.derive.selection import Selection

STEP = "step"


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
    definition = graphql_field.extensions.get("strawberry-definition")
    step: Step | None = definition.metadata.get(STEP) if definition is not None else None
    return step


@dataclass(frozen=True, slots=True)
class Columns:
    """A field that is made of columns of its own row."""

    names: tuple[str, ...]

    def plan(self, planner: Planner, branch: Branch, selection: Selection, name: str) -> None:
        """See Step."""
        branch.columns.update(self.names)


@dataclass(frozen=True, slots=True)
class Computed:
    """A field that the database computes; its value is found in the attribute `slot`."""

    slot: str
    expression: Any

    def plan(self, planner: Planner, branch: Branch, selection: Selection, name: str) -> None:
        """See Step."""
        branch.computed[self.slot] = self.expression


def geometry(column: str) -> Computed:
    """A geometry column as GeoJSON text, which is cheaper than an object.

    And Django cannot read geometry objects back from a window of rows on SpatiaLite.
    """
    return Computed(f"geo_{column}", AsGeoJSON(column))


@dataclass(frozen=True, slots=True)
class ToOne:
    """A key to one row, which the viewer may not be allowed to see."""

    relation: str
    resource: Resource[Any]
    column: str | None

    @property
    def is_open(self) -> bool:
        """Whether everybody sees every row that it leads to."""
        return self.resource.visible_to is everyone

    @property
    def slot(self) -> str:
        """Where the row is found on its parent."""
        return self.relation if self.is_open else f"one_{self.relation}"

    def plan(self, planner: Planner, branch: Branch, selection: Selection, name: str) -> None:
        """See Step."""
        below = planner.branch(selection.below(name))
        if self.column:
            branch.columns.add(self.column)
        if self.is_open and not below.computed:
            branch.join(self.relation, below)
        else:
            rows = below.apply(planner.visible(self.resource))
            branch.related.append(Related(self.relation, rows, self.slot))

    def read(self, row: Model) -> Model | None:
        """The row, once it has been planned and read."""
        found: Model | None = getattr(row, self.slot)
        return found


@dataclass(frozen=True, slots=True)
class ToMany:
    """Rows that point here, or that a table between points to: a page of them for every parent."""

    relation: str
    resource: Resource[Any]
    back: str | None

    def slot(self, window: Window) -> str:
        """Where a page is found on its parent: aliases with other arguments are other pages."""
        arguments = (window.first, window.last, window.after, window.before)
        return f"page_{self.relation}_{abs(hash(arguments))}"

    @property
    def count_slot(self) -> str:
        """Where the number of all rows is found on the parent."""
        return f"count_{self.relation}"

    def plan(self, planner: Planner, branch: Branch, selection: Selection, name: str) -> None:
        """See Step."""
        field = selection.type.fields[name]
        visible = planner.visible(self.resource)
        windows: dict[Window, list[Any]] = {}
        for node in selection.nodes(name):
            windows.setdefault(window_of(selection.arguments(field, node)), []).append(node)
        for window, nodes in windows.items():
            connection = selection.of_nodes(nodes)
            rows = page_rows(planner, connection, visible, window, keep=self.back)
            branch.related.append(Related(self.relation, rows, self.slot(window)))
            if "totalCount" in connection.names():
                branch.computed[self.count_slot] = self._count(selection, visible)

    def read(self, row: Model, window: Window) -> Page:
        """The page, once it has been planned and read."""
        rows = getattr(row, self.slot(window))
        return Page(rows, Order.of(self.resource.model), window, getattr(row, self.count_slot, None))

    def _count(self, selection: Selection, visible: QuerySet[Any]) -> Any:
        """A subquery, so that it costs no statement of its own."""
        parent = model_of(selection)
        relation: Any = parent._meta.get_field(self.relation)
        if self.back is not None:
            owner, rows = self.back, visible.model._default_manager.filter(pk__in=visible.values("pk"))
        else:
            through, owner, target = _through(relation)
            rows = through._default_manager.filter(**{f"{target}__in": visible.values("pk")})
        counted = rows.filter(**{owner: OuterRef("pk")}).order_by().values(owner).annotate(n=Count("*")).values("n")
        return Coalesce(Subquery(counted), 0)


def _through(relation: Any) -> tuple[type[Model], str, str]:
    """The table of a many-to-many relation, with its key to the parent and its key to the rows."""
    if isinstance(relation, Field):
        many: Any = relation
        return many.remote_field.through, many.m2m_field_name(), many.m2m_reverse_field_name()
    forward = relation.field
    return relation.through, forward.m2m_reverse_field_name(), forward.m2m_field_name()


def model_of(selection: Selection) -> type[Model]:
    """The model whose rows the selection's type shows."""
    definition = selection.type.extensions["strawberry-definition"]
    model: type[Model] = definition.origin.resource.model
    return model


def window_of(arguments: Mapping[str, Any]) -> Window:
    """The window that a connection's arguments name. Raises InvalidInput."""
    return Window(**{name: arguments.get(name) for name in ("first", "last", "after", "before")}).checked()


def page_rows(
    planner: Planner, connection: Selection, rows: QuerySet[Any], window: Window, *, keep: str | None = None
) -> QuerySet[Any]:
    """One page of `rows`, with what the connection's nodes select; `keep` is the key by which parents find them."""
    branch = planner.branch(nodes_of(connection))
    order = Order.of(rows.model)
    branch.columns.update(order.names, (keep,) if keep else ())
    return order.slice(branch.apply(rows), window)


def nodes_of(connection: Selection) -> Selection:
    """What is selected of a connection's rows, below `edges { node }` and below `nodes`."""
    nodes: list[Any] = connection.nodes("nodes")
    if "edges" in connection.names():
        nodes = [*nodes, *connection.below("edges").nodes("node")]
    row_type = Selection(connection.info, connection.type, ()).below("nodes").type
    return Selection(connection.info, row_type, nodes)
