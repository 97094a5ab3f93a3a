"""The arguments of every list, and what they ask for together."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any

import strawberry
from django.db.models import QuerySet

from backend.catalogue import filters
from backend.resources.resource import Resource
from backend.resources.viewer import Viewer
from schema.derive.filters import wanted
from schema.derive.keyset import Order
from schema.derive.orders import MOST_TERMS, order_of
from schema.derive.pages import DEFAULT_SIZE, MOST_OFFSET, MOST_ROWS, Window

Size = Annotated[
    int | None,
    strawberry.argument(
        description=f"At most so many from the start; {DEFAULT_SIZE} if left out, {MOST_ROWS} at most."
    ),
]
LastSize = Annotated[int | None, strawberry.argument(description="At most so many from the end, instead of `first`.")]
After = Annotated[str | None, strawberry.argument(description="Only what follows the row of this cursor.")]
Before = Annotated[str | None, strawberry.argument(description="Only what precedes the row of this cursor.")]
Offset = Annotated[
    int | None,
    strawberry.argument(
        description=f"Leave out so many at the start, {MOST_OFFSET} at most: for tables. Cursors are surer."
    ),
]


def list_arguments(node: Any) -> Callable[..., Any]:
    """A function with the signature of a list of this type; its answer comes from a reader."""
    filter_type = Annotated[
        node.filter_input | None, strawberry.argument(description="Only those that fit; all if left out.")
    ]
    order_type = Annotated[
        list[node.order_input] | None,
        strawberry.argument(description=f"In which order, {MOST_TERMS} columns at most; else in the usual one."),
    ]

    def arguments(
        root: strawberry.Parent[Any],
        *,
        filter: filter_type = None,
        order_by: order_type = None,
        first: Size = None,
        last: LastSize = None,
        after: After = None,
        before: Before = None,
        offset: Offset = None,
    ) -> Any:
        """Only its signature counts."""

    return arguments


@dataclass(frozen=True, slots=True)
class Asked:
    """What a list is asked for."""

    resource: Resource[Any]
    filter: Mapping[str, Any] | None
    order: Order
    window: Window

    @classmethod
    def of(cls, resource: Resource[Any], arguments: Mapping[str, Any]) -> "Asked":
        """By the arguments of a list, as graphql-core gives them. Raises InvalidInput for an order that is none."""
        return cls(
            resource, arguments.get("filter"), order_of(resource, arguments.get("orderBy")), Window.of(arguments)
        )

    def among(self, rows: QuerySet[Any], viewer: Viewer) -> QuerySet[Any]:
        """Those of the rows that fit the filter. Raises InvalidInput."""
        if not self.filter:
            return rows
        return rows.filter(filters.condition(self.resource, wanted(self.resource, self.filter), viewer))
