"""Who listens in one project at this moment: read once, and kept by what its line tells."""

import asyncio
import logging
from collections import Counter, deque
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Protocol
from weakref import WeakKeyDictionary

from backend.bus.events import AssetEnded, AssetStarted, SoundscapeChanged, StreamClosed, StreamEvent, StreamOpened
from backend.database import threads
from backend.ids import ProjectId, StreamId
from backend.journal import queries as journal
from backend.journal.queries import Recorded
from backend.listening.models import OPEN_STATES, Stream
from backend.projects.models import Project
from realtime import hub
from realtime.happening import Happening, Lagged
from realtime.lines import Line
from realtime.present import Present, as_stored

log = logging.getLogger(__name__)

# More listeners than engines could serve: beyond it only the newest are known.
MOST_LISTENERS = 10_000
# Of the last plays of all of them.
MOST_PLAYS = 20_000
# Heard while the database is asked; after more than that it is asked again.
MOST_EVENTS = 10_000
RETRY_SECONDS = 2.0


class Onlooker(Protocol):
    """Somebody who is told when to look."""

    def came_or_went(self, stream_id: StreamId) -> None:
        """This one begins to listen, or listens no more."""

    def changed(self, stream_ids: Collection[StreamId]) -> None:
        """These are elsewhere, or hear something else."""


@dataclass(frozen=True, slots=True)
class Stored:
    """What the database knows of some streams that are open."""

    rows: Sequence[Stream]
    plays: Sequence[Recorded]
    precision_metres: float


class Crowd:
    """Belongs to one event loop; `open` it before anything else."""

    def __init__(self, line: Line, source: hub.Hub) -> None:
        self.line = line
        self.precision_metres = 0.0
        self._hub = source
        self._here: dict[StreamId, Present] = {}
        self._onlookers: list[Onlooker] = []
        # To be read: some streams, or all of them.
        self._unread: set[StreamId] = set()
        self._must_read_all = self._must_read = True
        self._one_reads = asyncio.Lock()
        # What happens while it is read.
        self._meanwhile: deque[StreamEvent] = deque(maxlen=MOST_EVENTS)
        self._is_open = False
        self._reading: asyncio.Task[None] | None = None
        self._stop_listening = line.listen(self._hear)
        self._stop_minding = source.on_gap(self._read_all_soon)

    @property
    def here(self) -> Mapping[StreamId, Present]:
        """All who listen."""
        return self._here

    async def open(self) -> None:
        """From now on it is known who listens. Raises what the database raises."""
        async with self._one_reads:
            if not self._is_open:
                await self._read()
                self._is_open = True

    def join(self, onlooker: Onlooker) -> None:
        """Tell this one from now on."""
        self._onlookers.append(onlooker)

    def leave(self, onlooker: Onlooker) -> None:
        """Tell it nothing more."""
        self._onlookers.remove(onlooker)

    def close(self) -> None:
        """Hear nothing more."""
        self._stop_listening()
        self._stop_minding()
        if self._reading is not None:
            self._reading.cancel()

    def _hear(self, happening: Happening) -> None:
        match happening.event:
            case Lagged():
                self._read_all_soon()
            case SoundscapeChanged():
                # The project itself may have changed, and with it how exactly listeners are shown.
                self._read_soon()
            case StreamOpened(stream_id):
                self._unread.add(stream_id)
                self._read_soon()
            case StreamClosed() as event:
                self._take(event)
                self._go(event.stream_id)
            case event if isinstance(event, StreamEvent):
                self._take(event)

    def _take(self, event: StreamEvent) -> None:
        if self._one_reads.locked():
            self._meanwhile.append(event)
        present = self._here.get(event.stream_id)
        if present is not None:
            present.take(event)
            self._tell_changed([event.stream_id])

    def _go(self, stream_id: StreamId) -> None:
        if self._here.pop(stream_id, None) is not None:
            for onlooker in list(self._onlookers):
                onlooker.came_or_went(stream_id)

    def _tell_changed(self, stream_ids: Collection[StreamId]) -> None:
        for onlooker in list(self._onlookers):
            onlooker.changed(stream_ids)

    def _read_all_soon(self) -> None:
        self._must_read_all = True
        self._read_soon()

    def _read_soon(self) -> None:
        self._must_read = True
        if self._reading is None:
            self._reading = asyncio.create_task(self._read_on())

    async def _read_on(self) -> None:
        try:
            while self._must_read:
                await self._read_or_wait()
        finally:
            self._reading = None

    async def _read_or_wait(self) -> None:
        try:
            async with self._one_reads:
                await self._read()
        except Exception:
            log.exception("Nobody knows who listens in project %s; once more soon.", self.line.project_id)
            await asyncio.sleep(RETRY_SECONDS)

    async def _read(self) -> None:
        wanted = None if self._must_read_all else frozenset(self._unread)
        self._must_read = self._must_read_all = False
        self._unread.clear()
        self._meanwhile.clear()
        try:
            stored = await threads.run(partial(_stored, self.line.project_id, wanted))
        except BaseException:
            # Whoever waits for this reading, too, shall not take what is known for all.
            self._must_read = self._must_read_all = True
            raise
        if len(self._meanwhile) == MOST_EVENTS:
            self._must_read = self._must_read_all = True
        self._replace(stored, wanted)

    def _replace(self, stored: Stored, wanted: Collection[StreamId] | None) -> None:
        found = self._presents(stored)
        asked = set(wanted) if wanted is not None else found.keys() | self._here.keys()
        came_or_went = {key for key in asked if (key in found) != (key in self._here)}
        for key in asked:
            self._here.pop(key, None)
        self._here.update(found)
        for key in came_or_went:
            for onlooker in list(self._onlookers):
                onlooker.came_or_went(key)
        is_coarser = stored.precision_metres != self.precision_metres
        self.precision_metres = stored.precision_metres
        self._tell_changed(self._here.keys() if is_coarser else asked - came_or_went)

    def _presents(self, stored: Stored) -> dict[StreamId, Present]:
        found: dict[StreamId, Present] = {}
        for row in stored.rows:
            key = StreamId(str(row.pk))
            found[key] = Present()
            for event in (*as_stored(row), *self._hub.newest_of(key)):
                found[key].take(event)
        # The log may be ahead of the line, which will tell.
        told = self.line.cursor.sequence
        logged = [each.event for each in stored.plays if each.stamp.cursor.sequence <= told]
        for happened in (*logged, *self._meanwhile):
            if isinstance(happened, StreamEvent) and (present := found.get(happened.stream_id)) is not None:
                present.take(happened)
        here = {key: present for key, present in found.items() if present.closed is None}
        self._hub.want_gains(here)
        return here


class Crowds:
    """Those of one event loop that somebody looks at."""

    def __init__(self) -> None:
        self._crowds: dict[ProjectId, Crowd] = {}
        self._users: Counter[ProjectId] = Counter()

    async def take(self, project_id: ProjectId) -> Crowd:
        """The project's, open; `give_back` it. Raises what the database raises."""
        source = hub.current()
        line = await source.line(project_id)
        crowd = self._crowds.get(project_id)
        if crowd is None:
            crowd = self._crowds[project_id] = Crowd(line, source)
        self._users[project_id] += 1
        try:
            await crowd.open()
        except BaseException:
            self.give_back(crowd)
            raise
        return crowd

    def give_back(self, crowd: Crowd) -> None:
        """One fewer looks at it."""
        project_id = crowd.line.project_id
        self._users[project_id] -= 1
        if not self._users[project_id]:
            del self._users[project_id], self._crowds[project_id]
            crowd.close()


_crowds: WeakKeyDictionary[asyncio.AbstractEventLoop, Crowds] = WeakKeyDictionary()


def current() -> Crowds:
    """Those of the running event loop."""
    return _crowds.setdefault(asyncio.get_running_loop(), Crowds())


def _stored(project_id: ProjectId, stream_ids: Collection[StreamId] | None) -> Stored:
    rows = Stream.objects.filter(session__project=project_id, state__in=OPEN_STATES).select_related("session")
    if stream_ids is not None:
        rows = rows.filter(pk__in=stream_ids)
    found = list(rows.order_by("-opened_at")[:MOST_LISTENERS]) if stream_ids is None or stream_ids else []
    keys = [StreamId(str(row.pk)) for row in found]
    plays = journal.latest_of(keys, (AssetStarted, AssetEnded), limit=MOST_PLAYS)
    precision = Project.objects.filter(pk=project_id).values_list("listener_precision_metres", flat=True).first()
    return Stored(found, plays, 0.0 if precision is None else precision)
