"""Pages of rows: by cursors, which stay where they are while rows come and go, or by offsets, for tables."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db.models import QuerySet
from strawberry.relay import PageInfo

from backend.errors import InvalidInput
from schema.derive.keyset import Order

DEFAULT_SIZE = 100
MOST_ROWS = 500
MOST_OFFSET = 10_000


@dataclass(frozen=True, slots=True)
class Window:
    """Which part of a list is wanted, as a connection's arguments say it."""

    first: int | None = None
    last: int | None = None
    after: str | None = None
    before: str | None = None
    offset: int | None = None

    @classmethod
    def of(cls, arguments: Mapping[str, Any]) -> "Window":
        """The part of a connection's arguments that is about this."""
        get = arguments.get
        return cls(get("first"), get("last"), get("after"), get("before"), get("offset"))

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
        """Itself. Raises InvalidInput when the arguments make no page."""
        if self.first is not None and self.last is not None:
            raise InvalidInput("Ask for first or for last, not for both.", field="last")
        if not 0 <= self.size <= MOST_ROWS:
            raise InvalidInput(f"Must be between 0 and {MOST_ROWS}.", field="last" if self.is_backward else "first")
        if self.offset is not None:
            self._check_offset(self.offset)
        return self

    def _check_offset(self, offset: int) -> None:
        if (self.last, self.after, self.before) != (None, None, None):
            raise InvalidInput("Goes together with first alone: a cursor is a place of its own.", field="offset")
        if not 0 <= offset <= MOST_OFFSET:
            raise InvalidInput(f"Must be between 0 and {MOST_OFFSET}; cursors lead further.", field="offset")


def cut(rows: QuerySet[Any], order: Order, window: Window) -> QuerySet[Any]:
    """The rows of the window, and one more when there is one; backward windows come backward.

    Raises InvalidInput.
    """
    window.checked()
    if window.after is not None:
        rows = rows.filter(order.after(window.after))
    if window.before is not None:
        rows = rows.filter(order.before(window.before))
    start = window.offset or 0
    return rows.order_by(*order.terms(is_reversed=window.is_backward))[start : start + window.size + 1]


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
    """A page of rows, as a connection's fields read it; `rows` as `cut` gives them."""

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
            has_previous_page=self.is_cut if backward else window.after is not None or bool(window.offset),
            start_cursor=self.order.cursor(self.nodes[0]) if self.nodes else None,
            end_cursor=self.order.cursor(self.nodes[-1]) if self.nodes else None,
        )
