"""Events are written into their project's log, in the transaction of the change that they tell of."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from django.db import connection, transaction
from django.utils import timezone

from backend import bus
from backend.bus.cursor import Cursor, Stamp
from backend.bus.events import Logged
from backend.ids import ProjectId
from backend.journal.bodies import body_of, stream_of
from backend.journal.models import Entry, Head, new_epoch
from backend.journal.retention import shorten_now_and_then

# The row is locked until the transaction ends: numbers are given in the order of commits. Both databases know this.
_ADVANCE = f"""
    INSERT INTO {Head._meta.db_table} (project_id, epoch, sequence) VALUES (%s, %s, %s)
    ON CONFLICT (project_id) DO UPDATE SET sequence = {Head._meta.db_table}.sequence + excluded.sequence
    RETURNING epoch, sequence
"""


@dataclass(slots=True, eq=False)
class _Publication:
    """Told on commit, once; a part of a transaction that is undone takes its own along."""

    event: Logged
    stamp: Stamp | None
    is_told: bool = False

    def __call__(self) -> None:
        self.is_told = True
        bus.publish(self.event, self.stamp)


def record(event: Logged) -> None:
    """The event is in its project's log, and published on commit, if this transaction is committed.

    Without a transaction it gets one of its own. What is of no project (0) is published alone.
    Others who record in this project wait until the transaction ends: lock what else you need before.
    """
    record_all([event])


def record_all(events: Iterable[Logged]) -> None:
    """As `record`, in this order: with two statements a project, however many there are."""
    by_project: dict[ProjectId, list[Logged]] = defaultdict(list)
    for event in events:
        by_project[event.project_id].append(event)
    with transaction.atomic(savepoint=False):
        # Whoever needs several heads takes them in this order, so that no two wait for each other.
        for project_id in sorted(by_project):
            _record_in(project_id, by_project[project_id])


def record_once(event: Logged) -> None:
    """As `record`, unless this transaction has recorded the same already."""
    if event not in recorded_here():
        record(event)


def recorded_here() -> Iterator[Logged]:
    """What the present transaction has recorded and not undone, the newest first."""
    for hook in reversed(connection.run_on_commit):
        told = hook[1]
        if isinstance(told, _Publication) and not told.is_told:
            yield told.event


def _record_in(project_id: ProjectId, events: Sequence[Logged]) -> None:
    if not project_id:
        _publish_on_commit([(event, None) for event in events])
        return
    head = _advance(project_id, len(events))
    # Read after the head was locked: times go the way of the numbers.
    now = timezone.now()
    first = head.sequence - len(events) + 1
    stamps = [Stamp(Cursor(head.epoch, number), now) for number in range(first, head.sequence + 1)]
    stamped = list(zip(events, stamps, strict=True))
    Entry.objects.bulk_create([_entry(project_id, event, stamp) for event, stamp in stamped])
    _publish_on_commit(stamped)
    shorten_now_and_then(project_id, first=first, last=head.sequence)


def _advance(project_id: ProjectId, events: int) -> Cursor:
    with connection.cursor() as cursor:
        cursor.execute(_ADVANCE, [project_id, new_epoch(), events])
        epoch, sequence = cursor.fetchone()
    return Cursor(epoch, sequence)


def _entry(project_id: ProjectId, event: Logged, stamp: Stamp) -> Entry:
    return Entry(
        project_id=project_id,
        sequence=stamp.cursor.sequence,
        kind=type(event).__name__,
        body=body_of(event),
        stream_id=stream_of(event),
        recorded_at=stamp.at,
    )


def _publish_on_commit(stamped: Iterable[tuple[Logged, Stamp | None]]) -> None:
    for event, stamp in stamped:
        transaction.on_commit(_Publication(event, stamp))
