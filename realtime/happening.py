"""An event on its way to subscribers."""

from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from backend.bus.cursor import Cursor
from backend.bus.events import Event


@dataclass(frozen=True, slots=True)
class Lagged:
    """A subscriber does not get some events. `missed` says how many; None when nobody can tell.

    `resync` is the cursor of the last one before them: the log holds what comes after it. None when it does not.
    """

    missed: int | None
    resync: Cursor | None


Told: TypeAlias = Event | Lagged


@dataclass(frozen=True, slots=True)
class Happening:
    """What a subscriber is told, where it stands in its project's log, and when it was (UTC).

    What is not logged stands where the last logged event does. `serial` counts all that was told here, logged or not.
    """

    event: Told
    cursor: Cursor
    at: datetime
    serial: int = 0
