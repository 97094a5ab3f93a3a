"""People, sought by what they are called."""

from functools import reduce
from operator import or_

from django.db.models import QuerySet

from backend.accounts.models import User
from backend.resources.lookup_values import text as checked_text
from backend.resources.spelling import contains

NAMES = ("first_name", "last_name", "email", "username")


def people_named(rows: QuerySet[User], text: str, *, field: str = "text") -> QuerySet[User]:
    """Of these people, those with this in a name or the e-mail, in capitals or not.

    `rows` are those whom the viewer may see: who finds somebody by an e-mail has read it. Raises InvalidInput.
    """
    sought = checked_text(text, field)
    return rows.filter(reduce(or_, (contains(name, sought) for name in NAMES)))
