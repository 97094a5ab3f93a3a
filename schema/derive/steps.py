"""What the fields of a type need of the database, and how they read it from a row once it is there."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib.gis.db.models.functions import AsGeoJSON
from django.db.models import Count, Field, Model, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from graphql import GraphQLResolveInfo

from backend.resources.resource import Resource, everyone
from schema.derive.arguments import Asked
from schema.derive.orders import order_of
from schema.derive.pages import Page, Window
from schema.derive.plan import Branch, Planner, Related, page_rows
from schema.derive.selection import Selection


@dataclass(frozen=True, slots=True)
class Column:
    """A field that is a column."""

    name: str

    def plan(self, planner: Planner, branch: Branch, selection: Selection, name: str) -> None:
        """See Step."""
        branch.columns.add(self.name)

    def read(self, row: Model, info: GraphQLResolveInfo) -> Any:
        """See Readable."""
        return getattr(row, self.name)


@dataclass(frozen=True, slots=True)
class Columns:
    """A field that is made by hand of columns of its own row."""

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

    def read(self, row: Model, info: GraphQLResolveInfo) -> Any:
        """See Readable."""
        return getattr(row, self.slot)


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
        """Where the row is found on its parent, unless it was joined."""
        return f"one_{self.relation}"

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

    def read(self, row: Model, info: GraphQLResolveInfo) -> Any:
        """See Readable."""
        if self.is_open and self.slot not in row.__dict__:
            return getattr(row, self.relation, None)
        return row.__dict__[self.slot]


@dataclass(frozen=True, slots=True)
class ToMany:
    """Rows that point here, or that a table between points to: a page of them for every parent."""

    relation: str
    resource: Resource[Any]
    back: str | None

    def plan(self, planner: Planner, branch: Branch, selection: Selection, name: str) -> None:
        """See Step."""
        field = selection.type.fields[name]
        visible = planner.visible(self.resource)
        pages: dict[str, tuple[Asked, list[Any]]] = {}
        for node in selection.nodes(name):
            arguments = selection.arguments(field, node)
            asked = Asked.of(self.resource, arguments)
            pages.setdefault(self._slot(arguments), (asked, []))[1].append(node)
        for slot, (asked, nodes) in pages.items():
            connection = selection.of_nodes(nodes)
            fitting = asked.among(visible, planner.context.viewer)
            rows = page_rows(planner, connection, fitting, asked.window, asked.order, keep=self.back)
            branch.related.append(Related(self.relation, rows, slot))
            if "totalCount" in connection.names():
                branch.computed[f"count_{slot}"] = self._count(selection, fitting)

    def read(self, row: Model, info: GraphQLResolveInfo, **arguments: Any) -> Page:
        """See Readable."""
        slot = self._slot(arguments)
        order = order_of(self.resource, arguments.get("orderBy"))
        return Page(getattr(row, slot), order, Window.of(arguments), getattr(row, f"count_{slot}", None))

    def _slot(self, arguments: Mapping[str, Any]) -> str:
        """Where a page is found on its parent: aliases with other arguments are other pages."""
        return f"page_{self.relation}_{abs(hash(repr(arguments)))}"

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
