"""What clients send, in a query string, a form or JSON: read by name, checked for form, absent when it says nothing."""

import math
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from django.http import QueryDict
from django.utils.dateparse import parse_datetime

from backend.errors import InvalidInput

# What old clients write for "nothing".
SILENT = {"", "undefined", "null", "None"}
TRUE, FALSE = {"true", "1", "yes", "y", "t", "on"}, {"false", "0", "no", "n", "f", "off"}
LARGEST_ID = 2**63 - 1


class Parameters:
    """Named values of one request; of several names given to a reader, the first that says something counts."""

    def __init__(self, values: Mapping[str, Any]) -> None:
        self._repeated = dict(values.lists()) if isinstance(values, QueryDict) else {}
        self._values = values

    def __contains__(self, name: str) -> bool:
        return self.value(name) is not None

    def value(self, *names: str) -> Any:
        """The value as it was sent (the last of repeated ones), or None."""
        values = (self._values.get(name) for name in names)
        return next((value for value in values if value is not None and not _is_silent(value)), None)

    def text(self, *names: str) -> str | None:
        """Text; a number counts as its text."""
        value = self.value(*names)
        if isinstance(value, dict | list | bool) or "\0" in str(value):
            raise InvalidInput("Not a valid string.", field=names[0])
        return None if value is None else str(value)

    def number(self, *names: str) -> float | None:
        """A finite number."""
        value = self.value(*names)
        if value is None:
            return None
        try:
            number = math.nan if isinstance(value, bool) else float(value)
        except (TypeError, ValueError, OverflowError):
            number = math.nan
        if not math.isfinite(number):
            raise InvalidInput("A valid number is required.", field=names[0])
        return number

    def id(self, *names: str) -> int | None:
        """The number of a row."""
        value = self.value(*names)
        return None if value is None else _id(value, names[0])

    def required_id(self, *names: str) -> int:
        """The number of a row, which must be there."""
        row = self.id(*names)
        if row is None:
            raise InvalidInput("This field is required.", field=names[0])
        return row

    def ids(self, *names: str) -> tuple[int, ...] | None:
        """Numbers of rows from `"3,4"`, `[3, 4]` or repeated keys with trailing commas; None when nothing was sent.

        An empty list and an empty text are an answer of their own: no rows.
        """
        name = next((name for name in names if self._values.get(name) is not None), None)
        sent = None if name is None else self._repeated.get(name, self._values[name])
        if name is None or sent in (["undefined"], "undefined", ["null"], "null"):
            return None
        words = [word for item in (sent if isinstance(sent, list) else [sent]) for word in _words(item)]
        return tuple(dict.fromkeys(_id(word, name) for word in words))

    def flag(self, *names: str) -> bool | None:
        """True or false, in any of the words for it."""
        value = self.value(*names)
        word = str(value).lower()
        if value is not None and word not in TRUE | FALSE:
            raise InvalidInput("Must be a valid boolean.", field=names[0])
        return None if value is None else word in TRUE

    def moment(self, *names: str) -> datetime | None:
        """A time with Z, an offset, or none: then it is UTC."""
        text = self.text(*names)
        if text is None:
            return None
        try:
            # An offset's plus sign that was not escaped in a query string arrives as a space.
            return _in_utc(parse_datetime(re.sub(r"(T\S+) ", r"\1+", text.strip())))
        except (ValueError, OverflowError):
            raise InvalidInput("Enter a valid date/time.", field=names[0]) from None


def _in_utc(moment: datetime | None) -> datetime:
    if moment is None:
        raise ValueError
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)


def _is_silent(value: object) -> bool:
    return isinstance(value, str) and value.strip() in SILENT


def _words(value: object) -> list[Any]:
    return [word for word in value.split(",") if word.strip()] if isinstance(value, str) else [value]


def _id(value: object, name: str) -> int:
    try:
        if isinstance(value, int | str) and not isinstance(value, bool) and abs(number := int(value)) <= LARGEST_ID:
            return number
    except ValueError:
        pass
    raise InvalidInput("A valid integer is required.", field=name)
