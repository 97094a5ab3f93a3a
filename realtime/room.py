"""Those who follow the same: each event is asked about, and made a payload, once for all who see the same of it."""

import asyncio
import logging
from collections import deque
from collections.abc import (
    AsyncGenerator,
    Awaitable,
    Callable,
    Collection,
    Coroutine,
    Hashable,
    Iterable,
    Iterator,
    Sequence,
)
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
from realtime.renderings import Renderings
from realtime.showing import IsPersonal, Shown, shown

log = logging.getLogger(__name__)

# As this viewer gets to see it.
Render = Callable[[Happening, Viewer], Awaitable[Payload]]
Past = AsyncGenerator[list[Happening], None]

# Waiting to be rendered; beyond it the room is too slow for its events.
MOST_WAITING = 2_000
BATCH = 64
AHEAD = 3
# How often those who were behind are looked at.
LOOK_SECONDS = 0.05
RETRY_SECONDS = 2.0
# Positions come every second: an answer about the stream's visibility serves them so long.
TRUST_SECONDS = 1.0


class Room(Generic[Payload]):
    """Belongs to one event loop; `feed` is its own from now on."""

    def __init__(self, feed: Feed, render: Render[Payload], is_personal: IsPersonal) -> None:
        self.feed = feed
        self._render = render
        self._is_personal = is_personal
        self._of_the_past = Renderings(self._payload, is_personal)
        self._newcomers = 0
        self.members: set[Membership[Payload]] = set()
        self._waiting: deque[Happening] = deque()
        self._news = asyncio.Event()
        self._trusted: dict[tuple[int | None, Hashable], float] = {}
        self._stop_listening = feed.listen(self._hear)
        self._work = asyncio.create_task(self._tell_for_ever())
        self._looking: asyncio.Task[None] | None = None

    def enter(self, outlet: Outlet[Payload], viewer: Viewer, after: Cursor | None) -> tuple[Membership[Payload], Past]:
        """From now on it misses nothing; what was, up to this very moment, is `tell_past`'s to tell."""
        cursor, serial = self.feed.position
        membership = Membership(outlet, viewer, cursor=cursor if after is None else after, serial=serial)
        self.members.add(membership)
        return membership, _pages([self.feed.snapshot()]) if after is None else self.feed.history(after)

    async def tell_past(self, membership: Membership[Payload], past: Past) -> None:
        """How things were when it joined, or what came after its cursor; then what happens."""
        self._newcomers += 1
        try:
            async for page in past:
                await self._tell_page(membership, page)
        finally:
            self._newcomers -= 1
            if not self._newcomers:
                self._of_the_past.forget()
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
            self._lose(lost, self.members)
        self._waiting.append(happening)
        self._news.set()

    def _lose(self, happenings: Collection[Happening], members: Iterable[Membership[Payload]]) -> None:
        for membership in list(members):
            for happening in happenings:
                membership.lose(happening)
            if any(self.feed.is_last(each) for each in happenings if not isinstance(each.event, Newest)):
                membership.end()
            self._look_at(membership)

    async def _tell_for_ever(self) -> None:
        while True:
            await self._news.wait()
            self._news.clear()
            while self._waiting:
                await self._tell([self._waiting.popleft() for _ in range(min(BATCH, len(self._waiting)))])

    async def _tell(self, batch: Sequence[Happening]) -> None:
        try:
            seen = await self._shown(batch, {each.viewer.id: each.viewer for each in self.members}.values())
        except Exception:
            log.exception("Nobody knows who may see %s events of %s.", len(batch), self.feed.key)
            self._lose(batch, self.members)
            await self._put_back([each for each in batch if isinstance(each.event, Newest)])
            return
        for one, payload in _begun(seen, self._payload):
            await self._tell_one(one, payload)
            # Whoever reads gets a turn to take it.
            await asyncio.sleep(0)

    async def _put_back(self, newest: Sequence[Happening]) -> None:
        """Of these nobody is told that they were lost: they are asked about again."""
        if newest:
            await asyncio.sleep(RETRY_SECONDS)
            self._waiting.extendleft(reversed(newest))

    async def _tell_one(self, one: Shown, rendering: Awaitable[Payload]) -> None:
        try:
            payload = await rendering
        except Exception:
            log.exception("An event of %s could not be rendered.", self.feed.key)
            self._lose([one.happening], self._members_for(one))
            return
        for membership in self._members_for(one):
            self._give(membership, one.happening, payload)

    def _members_for(self, one: Shown) -> list[Membership[Payload]]:
        return [each for each in self.members if one.is_for(each.viewer)]

    def _give(self, membership: Membership[Payload], happening: Happening, payload: Payload) -> None:
        membership.take(happening, payload)
        if membership.is_slow:
            self._look_at(membership)
        if self.feed.is_last(happening):
            membership.end()

    async def _payload(self, one: Shown) -> Payload:
        return await self._render(one.happening, one.viewer)

    async def _shown(self, batch: Sequence[Happening], viewers: Collection[Viewer]) -> list[Shown]:
        if not batch or not viewers:
            return []
        now = asyncio.get_running_loop().time()
        if len(viewers) == 1 and all(isinstance(each.event, Conflated) for each in batch):
            (viewer,) = viewers
            if all(self._trusted.get((viewer.id, subject_of(each)), 0.0) > now for each in batch):
                return [Shown(each, viewer) for each in batch]
        found = await threads.run(partial(shown, self.feed, batch, viewers, self._is_personal))
        # Whose stream it is does not change; staff may cease to be staff.
        trusted = ((each.viewer.id, subject_of(each.happening)) for each in found if not each.viewer.is_staff)
        self._trusted = dict.fromkeys(trusted, now + TRUST_SECONDS)
        return found

    async def _tell_anew(self, membership: Membership[Payload]) -> None:
        """How things are now, to one that has lost some of what became of them, where no log holds it."""
        if not (now := self.feed.anew()):
            return
        membership.hold(self.feed.position[1])
        try:
            for one in await self._shown(now, [membership.viewer]):
                membership.tell_past(one.happening, await self._payload(one))
                if self.feed.is_last(one.happening):
                    membership.outlet.end()
        except Exception:
            log.exception("How things are with %s could not be told.", self.feed.key)
            membership.outlet.end()
        membership.go_live()

    async def _tell_page(self, membership: Membership[Payload], page: Sequence[Happening]) -> None:
        for one, payload in _begun(await self._shown(page, [membership.viewer]), self._of_the_past.payload):
            await self._room_for(membership)
            membership.tell_past(one.happening, await payload)
            if self.feed.is_last(one.happening):
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
                if lag is not None and membership.tell_lag(lag, await self._render(lag, membership.viewer)):
                    await self._tell_anew(membership)
                membership.tell_newest()
            await asyncio.sleep(LOOK_SECONDS)


def _begun(
    seen: Iterable[Shown], payload: Callable[[Shown], Coroutine[Any, Any, Payload]]
) -> Iterator[tuple[Shown, Awaitable[Payload]]]:
    """Each with its payload on the way; those of the next ones are, too, for most of that is waiting for threads."""
    begun: deque[tuple[Shown, Awaitable[Payload]]] = deque()
    for one in seen:
        begun.append((one, asyncio.create_task(payload(one))))
        if len(begun) > AHEAD:
            yield begun.popleft()
    yield from begun


async def _pages(pages: Iterable[list[Happening]]) -> AsyncGenerator[list[Happening], None]:
    for page in pages:
        yield page
