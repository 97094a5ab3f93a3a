"""An event on its way to subscribers."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TypeAlias

from backend.bus.cursor import Cursor
from backend.bus.events import Conflated, Event, StreamEvent
from backend.errors import DomainError
from realtime.news import EngineStatus, News, Refused, UploadProgress


@dataclass(frozen=True, slots=True)
class Lagged:
    """A subscriber does not get some events. `missed` says how many; None when nobody can tell.

    `resync` is the cursor of the last one before them: the log holds what comes after it. None when it does not.
    """

    missed: int | None
    resync: Cursor | None


Told: TypeAlias = Event | Lagged | News
# Of what these tell of one subject, only the newest counts.
Newest = Conflated | EngineStatus | UploadProgress | Refused


@dataclass(frozen=True, slots=True)
class Happening:
    """What a subscriber is told, where it stands in its project's log, and when it was (UTC).

    What is not logged stands where the last logged event does. `serial` counts all that was told here, logged or not.
    """

    event: Told
    cursor: Cursor
    at: datetime
    serial: int = 0


def refusal_of(happenings: Sequence[Happening], error: DomainError) -> list[Happening]:
    """What is told in their place: why nothing more is told."""
    first = happenings[0]
    return [replace(first, event=Refused(error))]


def subject_of(happening: Happening) -> Hashable:
    """The stream or the engine that it is about; None for what is about neither."""
    match happening.event:
        case EngineStatus(engine_id):
            return engine_id
        case event if isinstance(event, StreamEvent):
            return event.stream_id
    return None
