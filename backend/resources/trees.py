"""Rows that stand below one another, by a key `parent` to their own table."""

from typing import Any

from django.core.exceptions import ValidationError

MOST_LEVELS = 20


def check_parent(row: Any) -> None:
    """A row stands below no row that stands below it. Raises ValidationError."""
    above = row.parent_id
    for _ in range(MOST_LEVELS):
        if above is None:
            return
        if above == row.pk:
            raise ValidationError({"parent": "It cannot stand below itself."})
        above = type(row)._default_manager.filter(pk=above).values_list("parent", flat=True).first()
    raise ValidationError({"parent": f"It would stand below more than {MOST_LEVELS - 1} others."})
