"""Those who follow the same with the same right to see it: each event is asked about, and made a payload, once."""

import asyncio
import logging
from collections import deque
from collections.abc import AsyncGenerator, Awaitable, Callable, Hashable, Iterable, Sequence
from functools import partial
from itertools import repeat
from typing import Any, Generic

from backend.bus.cursor import Cursor
from backend.bus.events import Conflated
from backend.database import threads
from backend.resources.viewer import Viewer
from realtime.feeds import Feed
from realtime.happening import Happening, Newest, subject_of
from realtime.membership import Membership, Outlet, Payload
from realtime.sight import as_of_now

log = logging.getLogger(__name__)

Render = Callable[[Happening], Awaitable[Payload]]
Past = AsyncGenerator[list[Happening], None]

# Waiting to be rendered; beyond it the room is too slow for its events.
MOST_WAITING = 2_000
BATCH = 64
# How often those who were behind are looked at.
LOOK_SECONDS = 0.05
# Positions come every second: an answer about the stream's visibility serves them so long.
TRUST_SECONDS = 1.0


class Room(Generic[Payload]):
    """Belongs to one event loop; `feed` is its own from now on."""

    def __init__(self, feed: Feed, viewer: Viewer, render: Render[Payload]) -> None:
        self.feed = feed
        self._viewer = viewer
        self._render = render
        self.members: set[Membership[Payload]] = set()
        self._waiting: deque[Happening] = deque()
        self._news = asyncio.Event()
        self._trusted: dict[Hashable, float] = {}
        self._stop_listening = feed.listen(self._hear)
        self._work = asyncio.create_task(self._tell_for_ever())
        self._looking: asyncio.Task[None] | None = None

    def enter(self, outlet: Outlet[Payload], after: Cursor | None) -> tuple[Membership[Payload], Past]:
        """From now on it misses nothing; what was, up to this very moment, is `tell_past`'s to tell."""
        cursor, serial = self.feed.position
        membership = Membership(outlet, cursor=cursor if after is None else after, serial=serial)
        self.members.add(membership)
        return membership, _pages([self.feed.snapshot()]) if after is None else self.feed.history(after)

    async def tell_past(self, membership: Membership[Payload], past: Past) -> None:
        """How things were when it joined, or what came after its cursor; then what happens."""
        async for page in past:
            await self._tell_page(membership, page)
        membership.go_live()
        self._look_at(membership)

    def leave(self, membership: Membership[Payload]) -> None:
        """Nothing more for this one."""
        self.members.discard(membership)

    def close(self) -> None:
        """The last has left."""
        self._stop_listening()
        self._work.cancel()
        if self._looking is not None:
            self._looking.cancel()
        self.feed.close()

    def _hear(self, happening: Happening) -> None:
        if isinstance(happening.event, Newest):
            about = (type(happening.event), subject_of(happening))
            self._waiting = deque(each for each in self._waiting if (type(each.event), subject_of(each)) != about)
        elif len(self._waiting) >= MOST_WAITING:
            lost, self._waiting = self._waiting, deque()
            self._lose(lost)
        self._waiting.append(happening)
        self._news.set()

    def _lose(self, happenings: Iterable[Happening]) -> None:
        for membership in self.members:
            for happening in happenings:
                membership.lose(happening)
            self._look_at(membership)

    async def _tell_for_ever(self) -> None:
        while True:
            await self._news.wait()
            self._news.clear()
            while self._waiting:
                batch = deque(self._waiting.popleft() for _ in range(min(BATCH, len(self._waiting))))
                try:
                    await self._tell(batch)
                except Exception:
                    log.exception("%s events of %s could not be told.", len(batch), self.feed.key)
                    self._lose(batch)

    async def _tell(self, batch: deque[Happening]) -> None:
        """Leaves in `batch` what could not be told."""
        seen = await self._seen(batch)
        batch.clear()
        batch.extend(seen)
        while batch:
            payload = await self._render(batch[0])
            happening = batch.popleft()
            for membership in list(self.members):
                self._give(membership, happening, payload)
            # Whoever reads gets a turn to take it.
            await asyncio.sleep(0)

    def _give(self, membership: Membership[Payload], happening: Happening, payload: Payload) -> None:
        membership.take(happening, payload)
        if membership.is_slow:
            self._look_at(membership)
        if self.feed.is_last(happening):
            membership.outlet.end()

    async def _seen(self, batch: Sequence[Happening]) -> list[Happening]:
        now = asyncio.get_running_loop().time()
        if all(isinstance(each.event, Conflated) and self._trusted.get(subject_of(each), 0.0) > now for each in batch):
            return list(batch)
        seen = await threads.run(partial(_seen_now, self.feed, batch, self._viewer))
        self._trusted = {subject_of(each): now + TRUST_SECONDS for each in seen}
        return seen

    async def _tell_anew(self, membership: Membership[Payload]) -> None:
        """How things are now, to one that has lost some of what became of them, where no log holds it."""
        if not (now := self.feed.anew()):
            return
        membership.hold(self.feed.position[1])
        try:
            for happening in await self._seen(now):
                membership.tell_past(happening, await self._render(happening))
        except Exception:
            log.exception("How things are with %s could not be told.", self.feed.key)
            membership.outlet.end()
        membership.go_live()

    async def _tell_page(self, membership: Membership[Payload], page: Sequence[Happening]) -> None:
        for happening in await self._seen(page) if page else ():
            await self._room_for(membership)
            membership.tell_past(happening, await self._render(happening))
            if self.feed.is_last(happening):
                membership.outlet.end()

    async def _room_for(self, membership: Membership[Payload]) -> None:
        # A socket does not say when it has taken what it was given.
        for _ in repeat(None):
            if membership.has_room():
                return
            await asyncio.sleep(LOOK_SECONDS)

    def _look_at(self, membership: Membership[Payload]) -> None:
        if membership.is_slow and (self._looking is None or self._looking.done()):
            self._looking = asyncio.create_task(self._look_after_slow())

    async def _look_after_slow(self) -> None:
        while slow := [each for each in self.members if each.is_slow]:
            for membership in slow:
                lag = membership.lag()
                if lag is not None and membership.tell_lag(lag, await self._render(lag)):
                    await self._tell_anew(membership)
                membership.tell_newest()
            await asyncio.sleep(LOOK_SECONDS)


async def _pages(pages: Iterable[list[Happening]]) -> AsyncGenerator[list[Happening], None]:
    for page in pages:
        yield page


def _seen_now(feed: Feed, batch: Sequence[Happening], viewer: Viewer) -> list[Happening]:
    return feed.seen(batch, as_of_now(viewer))


class Rooms:
    """All rooms of one event loop."""

    def __init__(self) -> None:
        self._rooms: dict[tuple[Hashable, Hashable], Room[Any]] = {}

    def join(
        self,
        feed: Feed,
        outlet: Outlet[Payload],
        *,
        audience: Hashable,
        viewer: Viewer,
        render: Render[Payload],
        after: Cursor | None = None,
    ) -> "Seat[Payload]":
        """Sends what was (all of it when `after` is None: how things are), then what happens, until `leave`.

        `audience` stands for all that makes payloads differ: the document, its variables, who may see what.
        From its return on the subscriber misses nothing; the past is told in a task of its own.
        """
        key = (feed.key, audience)
        room: Room[Payload] | None = self._rooms.get(key)
        if room is None:
            room = self._rooms[key] = Room(feed, viewer, render)
        else:
            feed.close()
        membership, past = room.enter(outlet, after)
        return Seat(self, key, room, membership, asyncio.create_task(_tell_past(room, membership, past)))

    def followers(self, feed_key: Hashable) -> int:
        """How many follow this."""
        return sum(len(room.members) for (followed, _), room in self._rooms.items() if followed == feed_key)

    def close_if_empty(self, key: tuple[Hashable, Hashable]) -> None:
        """Called when somebody has left."""
        room = self._rooms.get(key)
        if room is not None and not room.members:
            del self._rooms[key]
            room.close()


class Seat(Generic[Payload]):
    """A subscriber's place in a room."""

    def __init__(
        self,
        rooms: Rooms,
        key: tuple[Hashable, Hashable],
        room: Room[Payload],
        membership: Membership[Payload],
        past: asyncio.Task[None],
    ) -> None:
        self._rooms = rooms
        self._key = key
        self._room = room
        self._membership = membership
        self._past = past

    @property
    def cursor(self) -> Cursor:
        """Of what was sent last: where the subscriber would go on from."""
        return self._membership.cursor

    def leave(self) -> None:
        """Nothing more is sent."""
        self._past.cancel()
        self._room.leave(self._membership)
        self._rooms.close_if_empty(self._key)


async def _tell_past(room: Room[Payload], membership: Membership[Payload], past: Past) -> None:
    try:
        await room.tell_past(membership, past)
    except Exception:
        # Whoever is not told the past is not told what follows either: it comes again, with its cursor.
        log.exception("The past of %s could not be told.", room.feed.key)
        membership.outlet.end()


_rooms: dict[asyncio.AbstractEventLoop, Rooms] = {}


def current() -> Rooms:
    """The rooms of the running event loop."""
    loop = asyncio.get_running_loop()
    if loop not in _rooms:
        for ended in [each for each in _rooms if each.is_closed()]:
            del _rooms[ended]
        _rooms[loop] = Rooms()
    return _rooms[loop]
