"""An order of rows in which every row has a place of its own, and cursors that name places: stable while rows come."""

import base64
import binascii
import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Field, Model, Q
from django.db.models.expressions import F, OrderBy

from backend.errors import InvalidInput

# What stands before the name of a column that is in descending order.
DESCENDING = "-"


@dataclass(frozen=True, slots=True)
class Column:
    """A column of an order. Rows without a value come last, whichever way the others go."""

    column: "Field[Any, Any]"
    name: str
    is_descending: bool = False

    def __str__(self) -> str:
        return f"{DESCENDING if self.is_descending else ''}{self.name}"

    def term(self, *, is_reversed: bool) -> "OrderBy | str":
        """As a term of ORDER BY."""
        if not self.column.null:
            return f"{DESCENDING if self.is_descending != is_reversed else ''}{self.name}"
        nulls = {"nulls_first": True} if is_reversed else {"nulls_last": True}
        return OrderBy(F(self.name), descending=self.is_descending != is_reversed, **nulls)

    def beyond(self, value: Any, then: Q, *, is_forward: bool) -> Q:
        """The rows behind this value, or ahead of it; where they have it themselves, `then` decides."""
        if value is None:
            found = self._is_null(True) & then
            return found if is_forward else self._is_null(False) | found
        sign = "gt" if self.is_descending != is_forward else "lt"
        found = Q(**{f"{self.name}__{sign}": value}) | (Q(**{self.name: value}) & then)
        if not self.column.null:
            # Says nothing new, but an index can begin here.
            return Q(**{f"{self.name}__{sign}e": value}) & found
        return found | self._is_null(True) if is_forward else found

    def _is_null(self, wanted: bool) -> Q:
        return Q(**{f"{self.name}__isnull": wanted})

    def written(self, row: Model) -> str | None:
        """The value of a row, as a cursor holds it."""
        return None if getattr(row, self.name) is None else self.column.value_to_string(row)

    def read(self, text: Any) -> Any:
        """The value that a cursor holds. Raises ValueError, TypeError, OverflowError or ValidationError."""
        if text is None and self.column.null:
            return None
        if not isinstance(text, str) or "\x00" in text:
            raise TypeError("A cursor holds plain texts.")
        value = self.column.to_python(text)
        if isinstance(value, float) and not math.isfinite(value):
            raise ValueError("No row has this value.")
        return _in_utc(value) if isinstance(value, datetime) else value


def _in_utc(moment: datetime) -> datetime:
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Order:
    """The columns that rows are in order of; the primary key stands last."""

    columns: tuple[Column, ...]
    # How it is called within its cursors.
    text: str

    @staticmethod
    @lru_cache(maxsize=256)
    def of(model: type[Model], names: Sequence[str] | None = None) -> "Order":
        """By these columns (with `-` before those that descend), else the model's own order; made total by its key."""
        key = model._meta.pk
        columns: dict[str, Column] = {}
        for name in (*(model._meta.ordering if names is None else names), key.name):
            field = model._meta.get_field(name.removeprefix(DESCENDING)) if name != "pk" else key
            columns.setdefault(field.attname, Column(field, field.attname, name.startswith(DESCENDING)))
        until_key = tuple(columns.values())[: list(columns).index(key.attname) + 1]
        return Order(until_key, ",".join(str(each) for each in until_key))

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the columns."""
        return tuple(each.name for each in self.columns)

    def terms(self, *, is_reversed: bool) -> "list[OrderBy | str]":
        """For `order_by`."""
        return [each.term(is_reversed=is_reversed) for each in self.columns]

    def after(self, cursor: str) -> Q:
        """The rows that follow. Raises InvalidInput when it is no cursor of this order."""
        return self._beyond(self.read(cursor, field="after"), is_forward=True)

    def before(self, cursor: str) -> Q:
        """The rows that precede. Raises InvalidInput when it is no cursor of this order."""
        return self._beyond(self.read(cursor, field="before"), is_forward=False)

    def cursor(self, row: Model) -> str:
        """Where this row stands: opaque to clients."""
        place = [self.text, *[each.written(row) for each in self.columns]]
        return base64.urlsafe_b64encode(json.dumps(place).encode()).decode().rstrip("=")

    def read(self, cursor: str, *, field: str) -> list[Any]:
        """The place that a cursor names. Raises InvalidInput when it is no cursor of this order."""
        try:
            order, *place = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
            if order == self.text and len(place) == len(self.columns):
                return [each.read(text) for each, text in zip(self.columns, place, strict=True)]
        except (binascii.Error, ValueError, TypeError, OverflowError, ValidationError, RecursionError):
            pass
        raise InvalidInput("This is not a cursor of this list.", field=field)

    def _beyond(self, place: list[Any], *, is_forward: bool) -> Q:
        """Row-wise comparison: a later column counts where all earlier ones are equal."""
        found = Q(pk__in=[])
        for column, value in zip(reversed(self.columns), reversed(place), strict=True):
            found = column.beyond(value, found, is_forward=is_forward)
        return found
