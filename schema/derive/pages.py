"""Pages of rows with keyset cursors: stable while rows are inserted, and never longer than a cap."""

import base64
import binascii
import json
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Field, Model, Q, QuerySet
from strawberry.relay import PageInfo

from backend.errors import InvalidInput

DEFAULT_SIZE = 100
MOST_ROWS = 500


@dataclass(frozen=True, slots=True)
class Window:
    """Which part of a list is wanted, as a connection's arguments say it."""

    first: int | None = None
    last: int | None = None
    after: str | None = None
    before: str | None = None

    @property
    def size(self) -> int:
        """How many rows at most."""
        given = self.first if self.last is None else self.last
        return DEFAULT_SIZE if given is None else given

    @property
    def is_backward(self) -> bool:
        """Whether it is the end of the list that is wanted."""
        return self.last is not None

    def checked(self) -> "Window":
        """Itself. Raises InvalidInput when the numbers make no page."""
        if self.first is not None and self.last is not None:
            raise InvalidInput("Ask for first or for last, not for both.", field="last")
        if not 0 <= self.size <= MOST_ROWS:
            raise InvalidInput(f"Must be between 0 and {MOST_ROWS}.", field="last" if self.is_backward else "first")
        return self


@dataclass(frozen=True, slots=True)
class Order:
    """The columns that rows are in order of, ascending and never null; the primary key stands last."""

    columns: "tuple[Field[Any, Any], ...]"

    @classmethod
    def of(cls, model: type[Model]) -> "Order":
        """The model's own order, made total by its primary key."""
        names = [str(name) for name in model._meta.ordering if name not in ("id", "pk")]
        return cls((*(model._meta.get_field(name) for name in names), model._meta.pk))

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the columns."""
        return tuple(column.name for column in self.columns)

    def slice(self, rows: QuerySet[Any], window: Window) -> QuerySet[Any]:
        """The rows of the window, and one more when there is one; backward windows come backward."""
        if window.after is not None:
            rows = rows.filter(self._beyond(self.read(window.after, field="after"), "gt"))
        if window.before is not None:
            rows = rows.filter(self._beyond(self.read(window.before, field="before"), "lt"))
        sign = "-" if window.is_backward else ""
        return rows.order_by(*(sign + name for name in self.names))[: window.size + 1]

    def cursor(self, row: Model) -> str:
        """Where this row stands: opaque to clients."""
        place = [column.value_to_string(row) for column in self.columns]
        return base64.urlsafe_b64encode(json.dumps([",".join(self.names), *place]).encode()).decode().rstrip("=")

    def read(self, cursor: str, *, field: str) -> list[Any]:
        """The place that a cursor names. Raises InvalidInput when it is no cursor of this order."""
        try:
            order, *place = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
            if order == ",".join(self.names) and len(place) == len(self.columns):
                return [column.to_python(_text(each)) for column, each in zip(self.columns, place, strict=True)]
        except (binascii.Error, ValueError, TypeError, ValidationError, RecursionError):
            pass
        raise InvalidInput("This is not a cursor of this list.", field=field)

    def _beyond(self, place: list[Any], comparison: str) -> Q:
        """Row-wise comparison: a later column counts where all earlier ones are equal."""
        beyond = Q()
        for index, name in enumerate(self.names):
            equal = dict(zip(self.names[:index], place[:index], strict=True))
            beyond |= Q(**equal, **{f"{name}__{comparison}": place[index]})
        return beyond


def _text(value: object) -> str:
    if not isinstance(value, str) or "\x00" in value:
        raise TypeError("A cursor holds plain texts.")
    return value


@dataclass(frozen=True, slots=True)
class Edge:
    """One row within a page."""

    node: Any
    order: Order

    @property
    def cursor(self) -> str:
        """Where the row stands."""
        return self.order.cursor(self.node)


class Page:
    """A page of rows, as a connection's fields read it; `rows` as `Order.slice` gives them."""

    def __init__(self, rows: list[Any], order: Order, window: Window, total_count: int | None = None) -> None:
        self.is_cut = len(rows) > window.size
        rows = rows[: window.size]
        self.nodes = rows[::-1] if window.is_backward else rows
        self.order = order
        self.window = window
        self.total_count = total_count

    @cached_property
    def edges(self) -> list[Edge]:
        """The rows with their cursors."""
        return [Edge(row, self.order) for row in self.nodes]

    @property
    def page_info(self) -> PageInfo:
        """Whether there is more."""
        window, backward = self.window, self.window.is_backward
        return PageInfo(
            has_next_page=window.before is not None if backward else self.is_cut,
            has_previous_page=self.is_cut if backward else window.after is not None,
            start_cursor=self.order.cursor(self.nodes[0]) if self.nodes else None,
            end_cursor=self.order.cursor(self.nodes[-1]) if self.nodes else None,
        )
