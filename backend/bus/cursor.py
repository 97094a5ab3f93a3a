"""Where an event stands in its project's log: what a client that was away gives to go on from there."""

import re
from dataclasses import dataclass
from datetime import datetime

from backend.errors import InvalidInput

_TEXT = re.compile(r"([0-9a-f]{8})\.([0-9]{1,18})")


@dataclass(frozen=True, slots=True)
class Cursor:
    """Events count from 1 in each project; `epoch` changes when a log begins anew, and its numbers with it."""

    epoch: str
    sequence: int

    def __str__(self) -> str:
        return f"{self.epoch}.{self.sequence}"

    @classmethod
    def parsed(cls, text: str, *, field: str = "after") -> "Cursor":
        """The cursor that was written so. Raises InvalidInput."""
        found = _TEXT.fullmatch(text)
        if found is None:
            raise InvalidInput("A cursor is what came with an event: give one back as it was.", field=field)
        return cls(found[1], int(found[2]))


@dataclass(frozen=True, slots=True)
class Stamp:
    """Where, and when (UTC), an event was written into its project's log."""

    cursor: Cursor
    at: datetime
