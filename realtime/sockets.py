"""All open sockets of a process: kept awake, closed when those who opened them no longer may, and told of its end."""

import asyncio
import logging
from collections.abc import Callable, Collection
from functools import partial
from typing import Protocol
from weakref import WeakValueDictionary

from backend.accounts.models import User
from backend.database import threads
from backend.resources.viewer import Viewer
from realtime.standing import Admitted, Credential, Rights, rights_of

log = logging.getLogger(__name__)

# A token that was revoked opens nothing after five seconds at the most; the database may be slow.
LOOK_SECONDS = 2.0
FORBIDDEN, GOING_AWAY = 4403, 1001
RESTARTING = "restarting"

RightsOf = Callable[[Collection[Credential]], dict[Credential, Rights]]


class Socket(Protocol):
    """One open connection, by whatever door it came; nothing here waits."""

    @property
    def credential(self) -> Credential | None:
        """What it was opened with; None as long as nobody is known behind it."""

    def stay_awake(self, now: float) -> None:
        """Called now and then, with the event loop's time: who has been silent for long may be asked."""

    def close(self, code: int, reason: str) -> None:
        """Say goodbye."""

    def drain(self) -> None:
        """Say where to go on, and goodbye: the process ends."""


class Sockets:
    """Those of one event loop."""

    def __init__(self, rights_of: RightsOf = rights_of) -> None:
        self._rights_of = rights_of
        self._sockets: set[Socket] = set()
        # Sockets of one user have one viewer, whose rights are looked up once for all of them.
        self._viewers: WeakValueDictionary[int, User] = WeakValueDictionary()
        self._looking: asyncio.Task[None] | None = None
        self._is_draining = False

    def __len__(self) -> int:
        return len(self._sockets)

    def add(self, socket: Socket) -> None:
        """It is open. After `drain` it is sent away."""
        if self._is_draining:
            socket.close(GOING_AWAY, RESTARTING)
            return
        self._sockets.add(socket)
        if self._looking is None:
            self._looking = asyncio.create_task(self._look_for_ever())

    def discard(self, socket: Socket) -> None:
        """It is closed."""
        self._sockets.discard(socket)
        if not self._sockets and self._looking is not None:
            self._looking.cancel()
            self._looking = None

    def viewer_of(self, admitted: Admitted) -> Viewer:
        """Whom to ask for on behalf of this socket, now and later: rights that change are changed in it."""
        user = admitted.viewer
        if not isinstance(user, User):
            return user
        known = self._viewers.setdefault(user.pk, user)
        known.is_staff = user.is_staff
        return known

    async def look(self) -> None:
        """Close those whose opener no longer may; learn what rights the others have."""
        credentials = {each.credential for each in self._sockets if each.credential is not None}
        if not credentials:
            return
        found = await threads.run(partial(self._rights_of, credentials))
        for rights in found.values():
            if viewer := self._viewers.get(rights.user_id):
                viewer.is_staff = rights.is_staff
        # Others may have come meanwhile, by what was not asked for.
        refused = credentials - found.keys()
        for socket in [each for each in self._sockets if each.credential in refused]:
            socket.close(FORBIDDEN, "Forbidden")

    def drain(self) -> None:
        """Tell all that this process ends; nobody is let in any more."""
        self._is_draining = True
        for socket in list(self._sockets):
            socket.drain()

    async def _look_for_ever(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            self._keep_awake(loop.time())
            try:
                await self.look()
            except Exception:
                log.exception("Nobody knows whether those who hold sockets open still may; once more in 2 s.")

    def _keep_awake(self, now: float) -> None:
        for socket in list(self._sockets):
            try:
                socket.stay_awake(now)
            except Exception:
                log.exception("A socket could not be kept awake; the others are.")


_sockets: dict[asyncio.AbstractEventLoop, Sockets] = {}


def current() -> Sockets:
    """Those of the running event loop."""
    loop = asyncio.get_running_loop()
    if loop not in _sockets:
        for ended in [each for each in _sockets if each.is_closed()]:
            del _sockets[ended]
        _sockets[loop] = Sockets()
    return _sockets[loop]


async def drain() -> None:
    """Tell all sockets of this process that it ends."""
    current().drain()
