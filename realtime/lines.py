"""The events of one project in the order of its log: told by the bus, and read from the log where the bus lost some."""

import asyncio
import logging
from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import partial
from typing import Protocol

from backend.bus.codec import Envelope
from backend.bus.cursor import Cursor, Stamp
from backend.bus.events import Conflated, Logged, StreamEvent
from backend.database import threads
from backend.ids import ProjectId, StreamId
from backend.journal import queries as journal
from backend.journal.queries import Recorded
from realtime.happening import Happening, Lagged, Told

log = logging.getLogger(__name__)

Ear = Callable[[Happening], None]
Stop = Callable[[], None]

PAGE = 500
# Two processes may publish in another order than they wrote: the log is read only when that has not settled soon.
SETTLE_SECONDS = 0.05
# More than this heard before its turn, and the log is quicker.
MOST_EARLY = 1_000


class Journal(Protocol):
    """What a line reads of the log."""

    async def head(self, project_id: ProjectId) -> Cursor:
        """Where the log ends."""

    async def entries(self, project_id: ProjectId, *, after: int, limit: int) -> list[Recorded]:
        """The next events, in their order."""


class StoredJournal:
    """The log in the database."""

    async def head(self, project_id: ProjectId) -> Cursor:
        """See Journal."""
        return await threads.run(partial(journal.head, project_id))

    async def entries(self, project_id: ProjectId, *, after: int, limit: int) -> list[Recorded]:
        """See Journal."""
        return await threads.run(partial(journal.entries, project_id, after=after, limit=limit))


class Line:
    """Belongs to one event loop; `open` it before anything else."""

    def __init__(self, project_id: ProjectId, stored: Journal) -> None:
        self.project_id = project_id
        self.serial = 0
        self._stored = stored
        self._cursor: Cursor | None = None
        self._ears: dict[StreamId | None, dict[object, Ear]] = defaultdict(dict)
        self._early: dict[int, tuple[Logged, Stamp]] = {}
        self._opening: asyncio.Task[None] | None = None
        self._reading: asyncio.Task[None] | None = None
        self.unheard_since = asyncio.get_running_loop().time()

    @property
    def cursor(self) -> Cursor:
        """Of the last event that was told."""
        assert self._cursor is not None, "a line is opened first"
        return self._cursor

    @property
    def is_heard(self) -> bool:
        """Whether anybody listens."""
        return bool(self._ears)

    async def open(self) -> None:
        """From now on everything is told; what was before is in the log. Raises what the database raises."""
        while self._cursor is None:
            # Whoever waited for one that failed may have gone: what it says is of then.
            if self._opening is None or self._opening.done():
                self._opening = asyncio.create_task(self._open())
            await asyncio.shield(self._opening)

    def listen(self, ear: Ear, *, stream_id: StreamId | None = None) -> Stop:
        """Call `ear` with everything from now on, or with what one stream does alone."""
        key = object()
        self._ears[stream_id][key] = ear

        def stop() -> None:
            ears = self._ears.get(stream_id, {})
            ears.pop(key, None)
            if not ears:
                self._ears.pop(stream_id, None)
            self.unheard_since = asyncio.get_running_loop().time()

        return stop

    def hear(self, envelope: Envelope) -> None:
        """What the bus says about this project."""
        event, stamp = envelope.message, envelope.stamp
        if stamp is None:
            if isinstance(event, Conflated) and self._cursor is not None:
                self._tell(event, self._cursor, datetime.now(UTC))
        elif isinstance(event, Logged):
            self._hear_logged(event, stamp)

    def check(self, head: Cursor) -> None:
        """Hold what was told against where the log ends: the bus may have lost something."""
        if self._cursor is not None and head not in (self._cursor, journal.BEGINNING):
            self._read_soon()

    def _hear_logged(self, event: Logged, stamp: Stamp) -> None:
        if len(self._early) < MOST_EARLY:
            self._early[stamp.cursor.sequence] = (event, stamp)
        if self._cursor is None:
            return
        if self._begins_with(stamp.cursor):
            self._take_early()
        if self._early:
            self._read_soon()

    async def _open(self) -> None:
        head = await self._stored.head(self.project_id)
        self._cursor = head
        self._early = {number: each for number, each in self._early.items() if self._begins_with(each[1].cursor)}
        self._take_early()

    def _begins_with(self, cursor: Cursor) -> bool:
        """Whether it is of the same log; one that had not begun yet begins with the first event."""
        if self.cursor == journal.BEGINNING:
            self._cursor = Cursor(cursor.epoch, 0)
        return cursor.epoch == self.cursor.epoch

    def _take_early(self) -> None:
        while (found := self._early.pop(self.cursor.sequence + 1, None)) is not None:
            self._tell_logged(*found)
        if self._early:
            told = self.cursor.sequence
            self._early = {number: each for number, each in self._early.items() if number > told}

    def _read_soon(self) -> None:
        if self._reading is None or self._reading.done():
            self._reading = asyncio.create_task(self._read_on())

    async def _read_on(self) -> None:
        await asyncio.sleep(SETTLE_SECONDS)
        told = self.cursor
        try:
            head = await self._stored.head(self.project_id)
            # By now more may have been told than this answer knows of: it is held against what was told before.
            if head == told:
                return
            if not self._begins_with(head) or head.sequence < told.sequence:
                self._begin_anew(head)
            while self.cursor.sequence < head.sequence:
                await self._read_page(head)
        except Exception:
            # The watchdog asks again.
            log.exception("The events of project %s could not be read on.", self.project_id)

    async def _read_page(self, head: Cursor) -> None:
        after = self.cursor.sequence
        page = await self._stored.entries(self.project_id, after=after, limit=PAGE)
        for recorded in page:
            self._tell_read(recorded)
        if not page and self.cursor.sequence == after:
            self._lose(head)
        self._take_early()

    def _tell_read(self, recorded: Recorded) -> None:
        place = recorded.stamp.cursor
        if place.sequence <= self.cursor.sequence:
            return
        if place.sequence > self.cursor.sequence + 1:
            self._lose(Cursor(place.epoch, place.sequence - 1))
        self._tell_logged(recorded.event, recorded.stamp)

    def _lose(self, upto: Cursor) -> None:
        """The log no longer holds what comes before this."""
        missed, self._cursor = upto.sequence - self.cursor.sequence, upto
        self._tell(Lagged(missed, None), upto, datetime.now(UTC))

    def _begin_anew(self, head: Cursor) -> None:
        self._cursor = head
        self._early.clear()
        self._tell(Lagged(None, None), head, datetime.now(UTC))

    def _tell_logged(self, event: Logged, stamp: Stamp) -> None:
        self._cursor = stamp.cursor
        self._tell(event, stamp.cursor, stamp.at)

    def _tell(self, event: Told, cursor: Cursor, at: datetime) -> None:
        self.serial += 1
        happening = Happening(event, cursor, at, self.serial)
        for ear in list(self._ears_for(event)):
            ear(happening)

    def _ears_for(self, event: Told) -> Iterator[Ear]:
        yield from self._ears.get(None, {}).values()
        if isinstance(event, Lagged):
            yield from (ear for key, ears in self._ears.items() if key is not None for ear in ears.values())
        elif isinstance(event, StreamEvent):
            yield from self._ears.get(event.stream_id, {}).values()
