"""All who follow something here: whoever asks the same is in one room."""

import asyncio
import logging
from collections.abc import Hashable
from typing import Any, Generic

from backend.bus.cursor import Cursor
from backend.resources.viewer import Viewer
from realtime.feeds import Feed
from realtime.happening import Happening
from realtime.membership import Membership, Outlet, Payload
from realtime.room import Past, Render, Room
from realtime.showing import IsPersonal

log = logging.getLogger(__name__)


def _is_always(happening: Happening) -> bool:
    return True


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
        is_personal: IsPersonal = _is_always,
    ) -> "Seat[Payload]":
        """Sends what was (all of it when `after` is None: how things are), then what happens, until `leave`.

        `audience` stands for all that makes payloads differ but who is told: the document, its variables. What is not
        personal is rendered once for all who see it, as one of them; what all see, as nobody known.
        From its return on the subscriber misses nothing; the past is told in a task of its own.
        """
        key = (feed.key, audience)
        room: Room[Payload] | None = self._rooms.get(key)
        if room is None:
            room = self._rooms[key] = Room(feed, render, is_personal)
        else:
            feed.close()
        membership, past = room.enter(outlet, viewer, after)
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
