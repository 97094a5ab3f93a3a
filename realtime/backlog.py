"""What one subscriber has not taken yet: bounded, and never short of an event without saying so."""

import asyncio
from collections import deque
from dataclasses import dataclass

from backend.bus.events import GainsChanged, ListenerMoved, StreamEvent
from backend.ids import StreamId

MOST_EVENTS = 64
# Only the newest of these matters: a late subscriber wants to know where the listener is, not was.
CONFLATED = (ListenerMoved, GainsChanged)


@dataclass(frozen=True, slots=True)
class Lagged:
    """The subscriber did not keep up: `missed` events before the next one are lost to it."""

    stream_id: StreamId
    missed: int


FeedEvent = StreamEvent | Lagged


class Backlog:
    """A queue of events for one subscriber; belongs to the event loop that made it."""

    def __init__(self, stream_id: StreamId) -> None:
        self.loop = asyncio.get_running_loop()
        self._stream_id = stream_id
        self._events: deque[StreamEvent] = deque()
        self._missed = 0
        self._ready = asyncio.Event()

    def put(self, event: StreamEvent) -> None:
        """Add the newest event; call it in the event loop."""
        if isinstance(event, CONFLATED):
            self._events = deque(older for older in self._events if type(older) is not type(event))
        if len(self._events) >= MOST_EVENTS:
            self._missed += len(self._events)
            self._events.clear()
        self._events.append(event)
        self._ready.set()

    async def take(self) -> FeedEvent:
        """The oldest event, as soon as there is one."""
        await self._ready.wait()
        if self._missed:
            missed, self._missed = self._missed, 0
            return Lagged(self._stream_id, missed)
        event = self._events.popleft()
        if not self._events:
            self._ready.clear()
        return event
