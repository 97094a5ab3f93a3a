"""The model's own rules, asked before a row is saved."""

from typing import TypeVar

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db.models import Model

from backend.errors import InvalidInput

Row = TypeVar("Row", bound=Model)


def cleaned(row: Row) -> Row:
    """The row, when all its fields and constraints hold. Raises InvalidInput naming the first field that does not."""
    try:
        row.full_clean()
    except ValidationError as error:
        raise _invalid(error) from None
    for column in row._meta.concrete_fields:
        value = getattr(row, column.attname)
        if isinstance(value, str) and "\x00" in value:
            # PostgreSQL cannot store it; SQLite would.
            raise InvalidInput("Null characters are not allowed.", field=column.name)
    return row


def _invalid(error: ValidationError) -> InvalidInput:
    field, messages = next(iter(error.message_dict.items()))
    return InvalidInput(" ".join(messages), field=None if field == NON_FIELD_ERRORS else field)
