"""What the log holds; whether a viewer may know of it is asked by who shows it. Sync, for database threads."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import CharField, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Cast, Coalesce, Concat

from backend.bus.cursor import Cursor, Stamp
from backend.bus.events import Logged
from backend.ids import ProjectId, StreamId
from backend.journal.bodies import body_of, event_of
from backend.journal.models import Entry, Head

# Where a log stands that has not begun; with it, one may ask for all that comes.
BEGINNING = Cursor("00000000", 0)


@dataclass(frozen=True, slots=True)
class Recorded:
    """An event of the log, and where it stands there."""

    event: Logged
    stamp: Stamp


@dataclass(frozen=True, slots=True)
class Missed:
    """The log does not hold all that was asked for: `events` are gone, None when nobody can tell how many.

    It goes on after `resume`.
    """

    events: int | None
    resume: Cursor


def head(project_id: ProjectId) -> Cursor:
    """The last event of the project so far."""
    return heads([project_id])[project_id]


def heads(project_ids: Iterable[ProjectId]) -> dict[ProjectId, Cursor]:
    """The last event of each of these projects, with one statement."""
    found = dict.fromkeys(project_ids, BEGINNING)
    for key, epoch, sequence in Head.objects.filter(project__in=list(found)).values_list(
        "project", "epoch", "sequence"
    ):
        found[ProjectId(key)] = Cursor(epoch, sequence)
    return found


def cursor_of_project() -> Any:
    """An expression: where the log of a project stands that is being read, as a cursor's text."""
    written = Concat("epoch", Value("."), Cast("sequence", CharField()))
    rows = Head.objects.filter(project=OuterRef("pk")).values_list(written)
    return Coalesce(Subquery(rows), Value(str(BEGINNING)), output_field=CharField())


def entries(
    project_id: ProjectId,
    *,
    after: int,
    upto: int | None = None,
    stream_id: StreamId | None = None,
    limit: int = 500,
) -> list[Recorded]:
    """The events after a number, in order; `upto` and with it, of one stream alone if one is named.

    What another version of this program wrote and this one cannot read is left out.
    """
    rows = Entry.objects.filter(project=project_id, sequence__gt=after).order_by("sequence")
    if upto is not None:
        rows = rows.filter(sequence__lte=upto)
    if stream_id is not None:
        rows = rows.filter(stream_id=stream_id)
    return _read(rows[:limit])


def latest_of(stream_ids: Collection[StreamId], kinds: Collection[type], *, limit: int) -> list[Recorded]:
    """The last events of some kinds that these streams told together, in order."""
    rows = Entry.objects.filter(stream_id__in=stream_ids, kind__in=[kind.__name__ for kind in kinds])
    return _read(rows.order_by("-sequence")[:limit])[::-1] if stream_ids else []


def latest(stream_id: StreamId, *, limit: int) -> list[Recorded]:
    """The last events of one stream, in order; what cannot be read is left out, as above."""
    rows = Entry.objects.filter(stream_id=stream_id).order_by("-sequence")
    return _read(rows[:limit])[::-1]


def _read(rows: QuerySet[Entry]) -> list[Recorded]:
    columns = list(rows.values_list("project", "sequence", "kind", "body", "recorded_at"))
    epochs = {key: cursor.epoch for key, cursor in heads({ProjectId(row[0]) for row in columns}).items()}
    read = (
        (event_of(kind, body), Stamp(Cursor(epochs[ProjectId(project_id)], number), at))
        for project_id, number, kind, body, at in columns
    )
    return [Recorded(event, stamp) for event, stamp in read if event is not None]


def missed_since(project_id: ProjectId, after: Cursor) -> Missed | None:
    """What is gone of the events after this one; None when the log still holds all of them."""
    last = head(project_id)
    if after == BEGINNING:
        after = Cursor(last.epoch, 0)
    if after.epoch != last.epoch or after.sequence > last.sequence:
        return Missed(None, last)
    rows = Entry.objects.filter(project=project_id, sequence__gt=after.sequence).order_by("sequence")
    oldest = rows.values_list("sequence", flat=True).first()
    before = last.sequence if oldest is None else oldest - 1
    return Missed(before - after.sequence, Cursor(last.epoch, before)) if before > after.sequence else None


def is_recorded(event: Logged, *, since: datetime) -> bool:
    """Whether this very event was written since then."""
    rows = Entry.objects.filter(recorded_at__gte=since, project=event.project_id, kind=type(event).__name__)
    return rows.filter(body=body_of(event)).exists()
