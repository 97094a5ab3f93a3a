"""Hears the bus once for a whole process, and keeps a line for every project that somebody follows."""

import asyncio
import contextlib
import logging
from collections import OrderedDict, deque
from collections.abc import Callable, Collection
from functools import partial
from typing import Any

from backend import bus
from backend.bus.codec import Envelope, Message, Topic
from backend.bus.commands import TellGains
from backend.bus.events import EngineReported, GainsChanged, ListenerMoved, StreamClosed, StreamEvent, UploadChanged
from backend.bus.transport import Bus
from backend.database import threads
from backend.ids import ProjectId, StreamId
from backend.journal import queries as journal
from realtime.lines import Journal, Line, StoredJournal

log = logging.getLogger(__name__)

# How long what the bus has lost may go unnoticed.
LOOK_SECONDS = 2.0
# Streams that end without an event must not fill the memory.
MOST_STREAMS = 10_000
# A line that nobody hears is kept so long: a client that comes back finds it open.
KEEP_SECONDS = 60.0

Unlogged = EngineReported | UploadChanged
Hear = Callable[[Any], None]


class Hub:
    """Belongs to one event loop."""

    def __init__(self, source: Bus, stored: Journal) -> None:
        self._loop = asyncio.get_running_loop()
        self._source = source
        self._stored = stored
        self._lines: dict[ProjectId, Line] = {}
        self._hears: dict[type, dict[object, Hear]] = {EngineReported: {}, UploadChanged: {}}
        self._newest: OrderedDict[StreamId, dict[type, StreamEvent]] = OrderedDict()
        self._minds_gaps: dict[object, Callable[[], None]] = {}
        self._arrived: deque[Envelope] = deque()
        self._is_woken = False
        self._looking: asyncio.Task[None] | None = None
        self._stop_listening = source.listen([Topic.EVENTS, Topic.CHANGES], self._arrive)
        self._stop_gaps = source.on_gap(self._on_gap)

    async def line(self, project_id: ProjectId) -> Line:
        """The open line of this project. Raises what the database raises."""
        line = self._lines.get(project_id)
        if line is None:
            line = self._lines[project_id] = Line(project_id, self._stored)
        if self._looking is None:
            self._looking = self._loop.create_task(self._look_for_ever())
        await line.open()
        # Whoever asks for it is about to listen.
        line.unheard_since = self._loop.time()
        return line

    def listen(self, kind: type, hear: Hear) -> Callable[[], None]:
        """Call `hear` with every event of this kind, of those that no log holds."""
        key = object()
        self._hears[kind][key] = hear
        return lambda: self._hears[kind].pop(key, None) and None

    def on_gap(self, callback: Callable[[], None]) -> Callable[[], None]:
        """Call this whenever the bus was away: of what no log holds, something may have been lost."""
        key = object()
        self._minds_gaps[key] = callback
        return lambda: self._minds_gaps.pop(key, None) and None

    def newest_of(self, stream_id: StreamId) -> list[StreamEvent]:
        """Where a listener is, and the gains, as far as this process has heard: no log holds them."""
        return [*self._newest.get(stream_id, {}).values()]

    def want_gains(self, stream_ids: Collection[StreamId]) -> None:
        """The engine is asked for those that this process has not heard, and tells them soon: it may be new."""
        for stream_id in stream_ids:
            if GainsChanged not in self._newest.get(stream_id, ()):
                self._source.publish(TellGains(stream_id))

    async def look(self) -> None:
        """Hold every line against its log."""
        now = self._loop.time()
        for project_id, line in list(self._lines.items()):
            if not line.is_heard and now - line.unheard_since > KEEP_SECONDS:
                del self._lines[project_id]
        if self._lines:
            heads = await threads.run(partial(journal.heads, list(self._lines)))
            for project_id, head in heads.items():
                if project_id in self._lines:
                    self._lines[project_id].check(head)

    def close(self) -> None:
        """Hear nothing more."""
        self._stop_listening()
        self._stop_gaps()
        if self._looking is not None:
            self._looking.cancel()

    def _arrive(self, envelope: Envelope) -> None:
        # In a thread of the bus: a burst wakes the loop once.
        if self._loop.is_closed():
            self.close()
            return
        self._arrived.append(envelope)
        if not self._is_woken:
            self._is_woken = True
            self._wake(self._take_arrived)

    def _wake(self, callback: Callable[[], object]) -> None:
        # The loop may be closed between the question and the call.
        with contextlib.suppress(RuntimeError):
            self._loop.call_soon_threadsafe(callback)

    def _take_arrived(self) -> None:
        self._is_woken = False
        while self._arrived:
            self._give(self._arrived.popleft())

    def _give(self, envelope: Envelope) -> None:
        event = envelope.message
        if isinstance(event, Unlogged):
            for hear in list(self._hears[type(event)].values()):
                hear(event)
            return
        self._remember(event)
        line = self._lines.get(getattr(event, "project_id", ProjectId(0)))
        if line is not None:
            line.hear(envelope)

    def _remember(self, event: Message) -> None:
        match event:
            case ListenerMoved(stream_id) | GainsChanged(stream_id):
                self._newest.setdefault(stream_id, {})[type(event)] = event
                self._newest.move_to_end(stream_id)
                if len(self._newest) > MOST_STREAMS:
                    self._newest.popitem(last=False)
            case StreamClosed(stream_id):
                self._newest.pop(stream_id, None)

    def _on_gap(self) -> None:
        self._wake(self._after_gap)

    def _after_gap(self) -> None:
        self._loop.create_task(self._look_once())
        for newest in self._newest.values():
            # Its row is newer, if anything is.
            newest.pop(ListenerMoved, None)
            # Until the engine has told them anew, they are the best that is known.
            gains = newest.get(GainsChanged)
            if gains is not None and gains.project_id in self._lines:
                self._source.publish(TellGains(gains.stream_id))
        for callback in list(self._minds_gaps.values()):
            callback()

    async def _look_for_ever(self) -> None:
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            await self._look_once()

    async def _look_once(self) -> None:
        try:
            await self.look()
        except Exception:
            log.exception("The logs could not be looked at; once more in %s s.", LOOK_SECONDS)


_hubs: dict[asyncio.AbstractEventLoop, tuple[Bus, Hub]] = {}


def current() -> Hub:
    """The hub of the running event loop."""
    loop, source = asyncio.get_running_loop(), bus.current()
    found = _hubs.get(loop)
    # Tests replace the bus, and have a loop each.
    if found is None or found[0] is not source:
        for ended in [each for each in _hubs if each.is_closed()]:
            del _hubs[ended]
        found = _hubs[loop] = (source, Hub(source, StoredJournal()))
    return found[1]
