"""What a query string says, by name: absent where it says nothing."""

from collections.abc import Callable
from datetime import datetime, tzinfo
from typing import Any

from django.http import QueryDict
from rest_framework.fields import empty
from rest_framework.serializers import ValidationError

from backend.rest.derive.fields import FlagField, IdField, IdsField, MomentField, NumberField, TextField, value_of


class Parameters:
    """Named values of one request; of several names given to a reader, the first that says something counts.

    Each raises ValidationError with the name. `zone` is asked for that of times without one.
    """

    def __init__(self, sent: QueryDict, *, zone: Callable[[], tzinfo]) -> None:
        self._sent = sent
        self._moment = MomentField(zone=zone)

    def __contains__(self, name: str) -> bool:
        return name in self._sent

    def id(self, *names: str) -> int | None:
        """The number of a row."""
        found: int | None = self._read(_ID, names)
        return found

    def ids(self, *names: str) -> list[int] | None:
        """Numbers of rows."""
        found: list[int] | None = self._read(_IDS, names)
        return found

    def text(self, *names: str) -> str | None:
        """Text that is not empty."""
        return self._read(_TEXT, names) or None

    def flag(self, *names: str) -> bool | None:
        """True or false."""
        found: bool | None = self._read(_FLAG, names)
        return found

    def number(self, *names: str) -> float | None:
        """A finite number."""
        found: float | None = self._read(_NUMBER, names)
        return found

    def moment(self, *names: str) -> datetime | None:
        """A time in UTC."""
        found: datetime | None = self._read(self._moment, names)
        return found

    def _read(self, field: Any, names: tuple[str, ...]) -> Any:
        for name in names:
            value = value_of(name, field, self._sent)
            if value is not empty:
                try:
                    return field.run_validation(value)
                except ValidationError as error:
                    raise ValidationError({name: error.detail}) from None
        return None


_ID, _IDS, _TEXT, _FLAG, _NUMBER = IdField(), IdsField(), TextField(), FlagField(), NumberField()
