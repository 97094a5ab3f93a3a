"""A feed as an iterator: for whoever takes one event after the other."""

import asyncio
from collections import deque
from collections.abc import AsyncGenerator

from backend.bus.cursor import Cursor
from backend.resources.viewer import Viewer
from realtime import rooms
from realtime.feeds import Feed
from realtime.happening import Happening
from realtime.membership import Unsent


class Pulled:
    """An outlet that keeps what it is given until it is asked for."""

    def __init__(self) -> None:
        self._happenings: deque[Happening | None] = deque()
        self._ready = asyncio.Event()

    def send(self, payload: Happening, happening: Happening) -> None:
        """See Outlet."""
        self._happenings.append(payload)
        self._ready.set()

    def unsent(self) -> Unsent:
        """See Outlet."""
        return Unsent(len(self._happenings))

    def end(self) -> None:
        """See Outlet."""
        self._happenings.append(None)
        self._ready.set()

    async def take(self) -> Happening | None:
        """The oldest, as soon as there is one; None after the last."""
        await self._ready.wait()
        happening = self._happenings.popleft()
        if not self._happenings:
            self._ready.clear()
        return happening


class Following:
    """What is told of `feed`: iterate over it, or let a room tell it."""

    def __init__(self, feed: Feed, viewer: Viewer, after: Cursor | None = None) -> None:
        self.feed = feed
        self.viewer = viewer
        self.after = after

    async def happenings(self) -> AsyncGenerator[Happening, None]:
        """One after the other, in a room of its own."""
        outlet = Pulled()
        seat = rooms.current().join(
            self.feed, outlet, audience=object(), viewer=self.viewer, render=_as_it_is, after=self.after
        )
        try:
            while (happening := await outlet.take()) is not None:
                yield happening
        finally:
            seat.leave()


async def _as_it_is(happening: Happening, viewer: Viewer) -> Happening:
    return happening
