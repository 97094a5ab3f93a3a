"""What lookups are given: read as their column holds it, and checked, before a database sees it."""

import math
import sys
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from django.core.exceptions import ValidationError

from backend.errors import InvalidInput
from backend.geo.position import Position
from backend.resources.kinds import Kind, kind_of

MOST_VALUES = 100
MOST_CHARACTERS = 256
LARGEST_INTEGER = 2**63 - 1


def value(column: Any, given: Any, at: str) -> Any:
    """One value of a column; `at` is the input's path. Raises InvalidInput."""
    kind = kind_of(column)
    if kind is Kind.FLAG:
        return flag(given, at)
    if kind in (Kind.TEXT, Kind.CHOICE):
        return text(given, at)
    if kind is Kind.FRACTION:
        return number(given, at)
    try:
        read = column.to_python(None if isinstance(given, bool | float) else given)
        if read is None or (isinstance(read, int) and abs(read) > LARGEST_INTEGER):
            raise ValueError
        return _in_utc(read) if isinstance(read, datetime) else read
    except (ValidationError, ValueError, TypeError, OverflowError):
        raise InvalidInput(_NOT_READ[kind], field=at) from None


_NOT_READ = {
    Kind.KEY: "Not an id.",
    Kind.WHOLE: "Must be a whole number of at most 64 bits.",
    Kind.MOMENT: "Must be a date and time.",
}


def values(column: Any, given: Any, at: str) -> list[Any]:
    """Several values of a column. Raises InvalidInput."""
    return [value(column, each, at) for each in listed(given, at)]


def listed(given: Any, at: str) -> Sequence[Any]:
    """A list that is not too long. Raises InvalidInput."""
    if not isinstance(given, list | tuple):
        raise InvalidInput("Must be a list.", field=at)
    if len(given) > MOST_VALUES:
        raise InvalidInput(f"At most {MOST_VALUES} at once.", field=at)
    return given


def flag(given: Any, at: str) -> bool:
    """True or false. Raises InvalidInput."""
    if not isinstance(given, bool):
        raise InvalidInput("Must be true or false.", field=at)
    return given


def text(given: Any, at: str) -> str:
    """A text that a database can compare. Raises InvalidInput."""
    if not isinstance(given, str) or len(given) > MOST_CHARACTERS:
        raise InvalidInput(f"Must be a text of at most {MOST_CHARACTERS} characters.", field=at)
    # Half a pair of surrogates has no UTF-8, and PostgreSQL knows no null character.
    if "\x00" in given or any("\ud800" <= character <= "\udfff" for character in given):
        raise InvalidInput("Holds characters that no text has.", field=at)
    return given


def number(given: Any, at: str, least: float = -math.inf, most: float = math.inf) -> float:
    """A finite number. Raises InvalidInput."""
    is_number = isinstance(given, int | float) and not isinstance(given, bool)
    if not is_number or not abs(given) <= sys.float_info.max or not least <= given <= most:
        within = "" if math.isinf(least) else f" from {least:,} to {most:,}"
        raise InvalidInput(f"Must be a number{within}.", field=at)
    return float(given)


def member(given: Any, name: str, at: str) -> Any:
    """A value that an object must have. Raises InvalidInput."""
    if not isinstance(given, Mapping) or given.get(name) is None:
        raise InvalidInput(f"Needs a {name}.", field=at)
    return given[name]


def position(given: Any, at: str) -> Position:
    """A place of `latitude` and `longitude`. Raises InvalidInput."""
    try:
        return Position.checked(member(given, "latitude", at), member(given, "longitude", at))
    except InvalidInput as error:
        raise InvalidInput(error.message, field=f"{at}.{error.field}" if error.field != at else at) from None


def _in_utc(moment: datetime) -> datetime:
    """Raises OverflowError at the ends of time."""
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
