"""The events of one stream, for one viewer, as they happen."""

import threading
import uuid
from collections import OrderedDict
from collections.abc import AsyncGenerator
from datetime import UTC, datetime
from functools import lru_cache, partial
from typing import Any
from weakref import WeakSet

from backend import bus
from backend.bus.codec import Envelope, Topic
from backend.bus.events import ListenerMoved, RangeLeft, StreamClosed, StreamEvent, StreamPaused
from backend.bus.transport import Bus
from backend.database import threads
from backend.geo.position import Position
from backend.ids import ProjectId, StreamId
from backend.listening.models import OPEN_STATES, Stream, StreamState
from backend.listening.queries import stream
from backend.resources.viewer import Viewer
from realtime.backlog import Backlog, FeedEvent
from realtime.present import Present

# Streams that end without an event (an engine that died) must not fill the memory.
MOST_STREAMS = 10_000


class Feeds:
    """Hears the bus once for the whole process and hands every event to those who watch its stream."""

    def __init__(self, source: Bus) -> None:
        self._lock = threading.Lock()
        self._present: OrderedDict[StreamId, Present] = OrderedDict()
        self._watchers: dict[StreamId, WeakSet[Backlog]] = {}
        source.listen([Topic.EVENTS], self._hear)

    def join(self, stream_id: StreamId) -> tuple[Backlog, list[StreamEvent]]:
        """A backlog that gets all events from now on, and the snapshot they continue: no gap, no repetition."""
        backlog = Backlog(stream_id)
        with self._lock:
            self._watchers.setdefault(stream_id, WeakSet()).add(backlog)
            present = self._present.get(stream_id)
            return backlog, present.events(datetime.now(UTC)) if present else []

    def leave(self, stream_id: StreamId, backlog: Backlog) -> None:
        """No more events for this one."""
        with self._lock:
            watchers = self._watchers.get(stream_id, WeakSet())
            watchers.discard(backlog)
            if not watchers:
                self._watchers.pop(stream_id, None)

    def watchers(self, stream_id: StreamId) -> int:
        """How many watch this stream."""
        return len(self._watchers.get(stream_id, ()))

    def _hear(self, envelope: Envelope) -> None:
        event = envelope.message
        if isinstance(event, StreamEvent):
            with self._lock:
                self._remember(event)
                for backlog in self._watchers.get(event.stream_id, ()):
                    _hand_over(backlog, event)

    def _remember(self, event: StreamEvent) -> None:
        if isinstance(event, StreamClosed):
            self._present.pop(event.stream_id, None)
            return
        self._present.setdefault(event.stream_id, Present()).take(event)
        self._present.move_to_end(event.stream_id)
        if len(self._present) > MOST_STREAMS:
            self._present.popitem(last=False)


def _hand_over(backlog: Backlog, event: StreamEvent) -> None:
    # The loop of a watcher that is ending may be closed already.
    if not backlog.loop.is_closed():
        backlog.loop.call_soon_threadsafe(backlog.put, event)


def current() -> Feeds:
    """The feeds of this process; the first call begins to listen, so call it when the process starts."""
    source: Any = bus.current()
    return _feeds_of(source)


@lru_cache(maxsize=1)
def _feeds_of(source: Bus) -> Feeds:
    return Feeds(source)


async def stream_events(stream_id: StreamId, viewer: Viewer) -> AsyncGenerator[FeedEvent, None]:
    """First what is known of the stream's state, then its events; ends after StreamClosed.

    Raises NotFound, before anything else, when the viewer may not see the stream.
    """
    feeds, stream_id = current(), canonical(stream_id)
    backlog, snapshot = feeds.join(stream_id)
    try:
        row = await threads.run(partial(stream, stream_id, viewer))
    except BaseException:
        feeds.leave(stream_id, backlog)
        raise
    return _follow(feeds, backlog, row, snapshot)


async def _follow(
    feeds: Feeds, backlog: Backlog, row: Stream, snapshot: list[StreamEvent]
) -> AsyncGenerator[FeedEvent, None]:
    stream_id = StreamId(str(row.pk))
    try:
        event: FeedEvent
        for event in as_stored(row) if row.state not in OPEN_STATES else snapshot or as_stored(row):
            yield event
            if isinstance(event, StreamClosed):
                return
        while True:
            event = await backlog.take()
            yield event
            if isinstance(event, StreamClosed):
                return
    finally:
        feeds.leave(stream_id, backlog)


def canonical(stream_id: StreamId) -> StreamId:
    """As events write it: a UUID has several texts. What is none stays what it is; no stream has it."""
    try:
        return StreamId(str(uuid.UUID(stream_id)))
    except ValueError:
        return stream_id


def as_stored(row: Stream) -> list[StreamEvent]:
    """The state of a stream of which this process has heard nothing, as its row tells it."""
    stream_id, project_id = StreamId(str(row.pk)), ProjectId(row.session.project_id or 0)
    if row.state not in OPEN_STATES:
        return [StreamClosed(stream_id, project_id, StreamState(row.state).name)]
    events: list[StreamEvent] = []
    if row.latitude is not None and row.longitude is not None:
        events.append(ListenerMoved(stream_id, project_id, Position(row.latitude, row.longitude), row.heading))
    if row.is_paused:
        events.append(StreamPaused(stream_id, project_id))
    if row.state == StreamState.OUT_OF_RANGE:
        events.append(RangeLeft(stream_id, project_id))
    return events
