"""A text is found in others, or at their beginning, whether it is written in capitals or not."""

from functools import reduce
from operator import or_

from django.db.models import Q


def contains(column: str, text: str) -> Q:
    """Where the text stands somewhere in the column."""
    return _in_any_capitals(f"{column}__icontains", text)


def starts_with(column: str, text: str) -> Q:
    """Where the column begins with the text."""
    return _in_any_capitals(f"{column}__istartswith", text)


def _in_any_capitals(lookup: str, text: str) -> Q:
    """SQLite knows the capitals of ASCII alone: with other letters, the usual ways to write a text are sought."""
    written = {text} if text.isascii() else {text, text.lower(), text.upper(), text.capitalize()}
    return reduce(or_, (Q(**{lookup: each}) for each in sorted(written)))
