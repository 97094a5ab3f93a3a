"""What a stream will sound, told to viewers who mix it by themselves."""

import asyncio
import threading
import uuid
from collections.abc import AsyncGenerator, Callable
from datetime import UTC, datetime
from functools import lru_cache, partial
from typing import Any
from weakref import WeakSet

from backend import bus
from backend.bus.codec import Envelope, Topic
from backend.bus.commands import Command, KeepAlive, WatchMix
from backend.bus.events import MixPlanned, StreamClosed
from backend.bus.transport import Bus
from backend.database import threads
from backend.ids import StreamId
from backend.listening.models import OPEN_STATES, Stream
from backend.listening.queries import stream
from backend.resources.viewer import Viewer
from realtime.sight import as_of_now

# The engine tells the plan for longer than this; one that was restarted learns so soon who watches.
WATCH_AGAIN_SECONDS = 5.0


class Watcher:
    """The newest plan that one subscriber has not taken; belongs to the event loop that made it."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._newest: MixPlanned | None = None
        self.is_over = False
        self._ready = asyncio.Event()

    def put(self, plan: MixPlanned) -> None:
        """Take the place of the plan before; from any thread."""
        self._call(partial(self._put, plan))

    def end(self) -> None:
        """There will be no other plan; from any thread."""
        self._call(self._end)

    def look(self) -> None:
        """The stream may have ended; from any thread."""
        self._call(self._ready.set)

    async def take(self) -> MixPlanned | None:
        """The newest plan, as soon as there is one; None when the stream is over, or may be."""
        await self._ready.wait()
        plan, self._newest = self._newest, None
        if not self.is_over:
            self._ready.clear()
        return plan

    def _put(self, plan: MixPlanned) -> None:
        self._newest = plan
        self._ready.set()

    def _end(self) -> None:
        self.is_over = True
        self._ready.set()

    def _call(self, change: Callable[[], None]) -> None:
        # The loop of a watcher that is ending may be closed already.
        if not self._loop.is_closed():
            self._loop.call_soon_threadsafe(change)


class MixPlans:
    """Hears the bus once for the whole process and hands every plan to those who watch its stream."""

    def __init__(self, source: Bus) -> None:
        self._lock = threading.Lock()
        self._watchers: dict[StreamId, WeakSet[Watcher]] = {}
        # Of the streams that are watched.
        self._newest: dict[StreamId, MixPlanned] = {}
        source.listen([Topic.EVENTS], self._hear)
        source.on_gap(self._miss)

    def join(self, stream_id: StreamId) -> Watcher:
        """A watcher that gets the plan as others know it, and all from now on."""
        watcher = Watcher()
        with self._lock:
            self._watchers.setdefault(stream_id, WeakSet()).add(watcher)
            newest = self._newest.get(stream_id)
            if newest is not None and newest.until > datetime.now(UTC):
                watcher.put(newest)
        return watcher

    def leave(self, stream_id: StreamId, watcher: Watcher) -> None:
        """No more plans for this one."""
        with self._lock:
            watchers = self._watchers.get(stream_id, WeakSet())
            watchers.discard(watcher)
            if not watchers:
                self._forget(stream_id)

    def watchers(self, stream_id: StreamId) -> int:
        """How many watch this stream."""
        return len(self._watchers.get(stream_id, ()))

    def _hear(self, envelope: Envelope) -> None:
        match envelope.message:
            case MixPlanned() as plan:
                with self._lock:
                    self._tell(plan)
            case StreamClosed(stream_id):
                with self._lock:
                    for watcher in self._watchers.get(stream_id, ()):
                        watcher.end()
                    self._newest.pop(stream_id, None)

    def _miss(self) -> None:
        """Of what was not heard here, a stream's end is stored in its row."""
        with self._lock:
            for watchers in self._watchers.values():
                for watcher in watchers:
                    watcher.look()

    def _tell(self, plan: MixPlanned) -> None:
        watchers = self._watchers.get(plan.stream_id)
        if not watchers:
            self._forget(plan.stream_id)
            return
        self._newest[plan.stream_id] = plan
        for watcher in watchers:
            watcher.put(plan)

    def _forget(self, stream_id: StreamId) -> None:
        self._watchers.pop(stream_id, None)
        self._newest.pop(stream_id, None)


def current() -> MixPlans:
    """Those of this process; the first call begins to listen, so call it when the process starts."""
    source: Any = bus.current()
    return _of(source)


@lru_cache(maxsize=1)
def _of(source: Bus) -> MixPlans:
    return MixPlans(source)


async def mix_plan(stream_id: StreamId, viewer: Viewer) -> AsyncGenerator[MixPlanned, None]:
    """The stream's plan as it is now, and whenever it changes; ends with the stream, at once if that has ended.

    The listener's own watching keeps the stream alive. Raises NotFound, before anything else, when the viewer may not
    see the stream; the iterator, when they may not any more.
    """
    plans, stream_id = current(), canonical(stream_id)
    watcher = plans.join(stream_id)
    try:
        row = await threads.run(partial(stream, stream_id, viewer))
    except BaseException:
        plans.leave(stream_id, watcher)
        raise
    return _follow(plans, watcher, row, viewer)


async def _follow(plans: MixPlans, watcher: Watcher, row: Stream, viewer: Viewer) -> AsyncGenerator[MixPlanned, None]:
    stream_id = StreamId(str(row.pk))
    asking: asyncio.Task[None] | None = None
    try:
        if row.state in OPEN_STATES:
            asking = asyncio.create_task(_keep_asking(_requests(row, viewer)))
        while row.state in OPEN_STATES:
            plan = await watcher.take()
            if watcher.is_over:
                # Its row may be gone.
                return
            # Whose stream it is does not change; staff may cease to be staff.
            if plan is None or not _is_listener(row, viewer):
                row = await threads.run(partial(_seen, stream_id, viewer))
            if plan is not None:
                yield plan
    finally:
        if asking is not None:
            asking.cancel()
        plans.leave(stream_id, watcher)


def _seen(stream_id: StreamId, viewer: Viewer) -> Stream:
    """With the rights of now. Raises NotFound."""
    return stream(stream_id, as_of_now(viewer))


def canonical(stream_id: StreamId) -> StreamId:
    """As events write it: a UUID has several texts. What is none stays what it is; no stream has it."""
    try:
        return StreamId(str(uuid.UUID(stream_id)))
    except ValueError:
        return stream_id


def _requests(row: Stream, viewer: Viewer) -> list[Command]:
    stream_id = StreamId(str(row.pk))
    return [WatchMix(stream_id), KeepAlive(stream_id)] if _is_listener(row, viewer) else [WatchMix(stream_id)]


def _is_listener(row: Stream, viewer: Viewer) -> bool:
    return viewer.id is not None and viewer.id == row.session.user_id


async def _keep_asking(requests: list[Command]) -> None:
    while True:
        for request in requests:
            bus.publish(request)
        await asyncio.sleep(WATCH_AGAIN_SECONDS)
