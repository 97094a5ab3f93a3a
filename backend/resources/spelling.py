"""A text is found in others whether it is written in capitals or not."""

from functools import reduce
from operator import or_

from django.db.models import Q


def contains(column: str, text: str) -> Q:
    """Where the text stands somewhere in the column.

    SQLite knows the capitals of ASCII alone: with other letters, the usual ways to write a text are sought.
    """
    written = {text} if text.isascii() else {text, text.lower(), text.upper(), text.capitalize()}
    return reduce(or_, (Q(**{f"{column}__icontains": each}) for each in sorted(written)))
