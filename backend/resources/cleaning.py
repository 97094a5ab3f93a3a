"""The model's own rules, asked before a row is saved."""

import math
from collections.abc import Container
from typing import TypeVar

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db.models import Field, Model, TextField

from backend.errors import InvalidInput

Row = TypeVar("Row", bound=Model)


def cleaned(row: Row, *, changed: Container[str] | None = None) -> Row:
    """The row, when all its fields and constraints hold. Raises InvalidInput naming the first field that does not.

    Where a key leads is not looked up: whoever set it has found the row there, and the database holds it. `changed`
    are the fields that say something new, None: all. What was stored before stands, whatever its field takes by now.
    """
    try:
        row.clean_fields(exclude=_set_keys(row) | _kept(row, changed))
        row.clean()
        row.validate_unique()
        row.validate_constraints()
    except ValidationError as error:
        raise invalid(error) from None
    for column in row._meta.concrete_fields:
        _check_storable(column, getattr(row, column.attname))
    return row


def invalid(error: ValidationError, *, field: str | None = None) -> InvalidInput:
    """What Django says of a value, as ours; `field` where it names none."""
    named, errors = next(iter(error.update_error_dict({}).items()))
    return InvalidInput(" ".join(ValidationError(errors).messages), field=field if named == NON_FIELD_ERRORS else named)


def _set_keys(row: Model) -> set[str]:
    return {
        column.name
        for column in row._meta.concrete_fields
        if column.is_relation and getattr(row, column.attname) is not None
    }


def _kept(row: Model, changed: Container[str] | None) -> set[str]:
    return set() if changed is None else {each.name for each in row._meta.concrete_fields if each.name not in changed}


def _check_storable(column: "Field[object, object]", value: object) -> None:
    """What the databases take differently, or Django checks in forms alone. Raises InvalidInput."""
    if isinstance(value, str) and "\x00" in value:
        # PostgreSQL cannot store it; SQLite would.
        raise InvalidInput("Null characters are not allowed.", field=column.name)
    if isinstance(value, float) and not math.isfinite(value):
        raise InvalidInput("Must be a finite number.", field=column.name)
    if isinstance(value, str) and isinstance(column, TextField) and len(value) > (column.max_length or math.inf):
        raise InvalidInput(f"Must have at most {column.max_length} characters.", field=column.name)
