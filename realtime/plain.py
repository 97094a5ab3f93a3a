"""/ws/streams/<id>/: what a stream does as plain JSON over a websocket, for clients that speak no GraphQL."""

import asyncio
import logging
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import partial
from typing import Any
from urllib.parse import parse_qs

import orjson

from backend.bus.cursor import Cursor
from backend.database import threads
from backend.errors import DomainError, InvalidInput, NotAuthenticated, NotFound
from backend.ids import SessionId
from backend.listening.models import Stream
from backend.listening.queries import stream, stream_of_session
from backend.resources.viewer import Viewer
from realtime import feeds, rooms, sockets
from realtime.happening import Happening
from realtime.membership import Unsent
from realtime.news import Refused
from realtime.plain_json import heartbeat_json, plain_json
from realtime.rooms import Seat
from realtime.sockets import GOING_AWAY, RESTARTING
from realtime.standing import Admitted, Credential
from realtime.wire import Untaken, Wire, wire_of

log = logging.getLogger(__name__)

Headers = Mapping[str, str]
# Whom these headers, or this authorization in their stead, let in. Sync. Raises NotAuthenticated.
Admit = Callable[[Headers, str | None], Admitted]

DONE, FAULT, TRY_AGAIN, TOO_LONG = 1000, 1011, 1013, 1009
INVALID, UNAUTHORIZED, NOT_FOUND = 4400, 4401, 4404
# Whoever shows neither header nor cookie has so long for a first message.
INIT_SECONDS = 10.0
MOST_CHARACTERS = 4_096
# One comes every twelve seconds at the latest: sockets are looked at every two.
HEARTBEAT_SECONDS = 10.0


class PlainSocket:
    """One connection: the outlet by which a room tells it; fulfils `realtime.sockets.Socket`."""

    def __init__(self, wire: Wire) -> None:
        self.credential: Credential | None = None
        self.first_message: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        self._wire = wire
        self._untaken = Untaken(wire)
        self._seat: Seat[bytes] | None = None
        self._wrote_at = 0.0
        sockets.current().add(self)

    def hear(self, message: Mapping[str, Any]) -> None:
        """Of a client's messages only the first one counts."""
        text = message.get("text")
        if text is None or len(text) > MOST_CHARACTERS:
            self.close(INVALID if text is None else TOO_LONG, "A message is a short text.")
        elif not self.first_message.done():
            self.first_message.set_result(text)

    def follow(self, feed: feeds.StreamFeed, session_id: SessionId, viewer: Viewer, after: Cursor | None) -> None:
        """From now on it is told."""

        async def render(happening: Happening, viewer: Viewer) -> bytes:
            return b"" if isinstance(happening.event, Refused) else plain_json(happening, session_id)

        self._seat = rooms.current().join(
            feed, self, audience="plain", viewer=viewer, render=render, after=after, is_personal=_is_never
        )

    def send(self, payload: bytes, happening: Happening | None = None) -> None:
        """See Outlet. Why nothing more is told is told by the end."""
        if happening is not None and isinstance(happening.event, Refused):
            self.close(_code_of(happening.event.error), happening.event.error.message)
            return
        self._wrote_at = asyncio.get_running_loop().time()
        self._wire.send_text(payload)
        self._untaken.wrote()

    def unsent(self) -> Unsent:
        """See Outlet."""
        return Unsent(self._untaken.count(), self._wire.unsent_bytes())

    def end(self) -> None:
        """See Outlet."""
        self.close(DONE, "The stream has ended.")

    def stay_awake(self, now: float) -> None:
        """See Socket. A client that does not read is not sent more."""
        if self._seat is not None and now - self._wrote_at >= HEARTBEAT_SECONDS and not self.unsent().bytes:
            self.send(heartbeat_json(str(self._seat.cursor), datetime.now(UTC)))

    def close(self, code: int, reason: str) -> None:
        """See Socket."""
        self.leave()
        self._wire.close(code, reason)

    def drain(self) -> None:
        """See Socket."""
        place = "" if self._seat is None else f"; after={self._seat.cursor}"
        self.close(GOING_AWAY, RESTARTING + place)

    def leave(self) -> None:
        """Nothing more is told."""
        sockets.current().discard(self)
        if self._seat is not None:
            self._seat.leave()
            self._seat = None


class PlainStreams:
    """The ASGI application; its address names a stream as `stream_id`."""

    def __init__(self, admit: Admit, *, init_seconds: float = INIT_SECONDS) -> None:
        self._admit = admit
        self._init_seconds = init_seconds

    async def __call__(self, scope: Mapping[str, Any], receive: Any, send: Any) -> None:
        """Called by the server for every handshake."""
        await receive()
        await send({"type": "websocket.accept"})
        socket = PlainSocket(wire_of(scope, send))
        beginning = asyncio.create_task(self._begin(socket, scope))
        try:
            while (message := await receive())["type"] != "websocket.disconnect":
                socket.hear(message)
        finally:
            beginning.cancel()
            await asyncio.gather(beginning, return_exceptions=True)
            socket.leave()

    async def _begin(self, socket: PlainSocket, scope: Mapping[str, Any]) -> None:
        try:
            after = _after(scope)
            viewer = await self._introduced(socket, _headers(scope))
            row = await threads.run(partial(_stream, scope["url_route"]["kwargs"]["stream_id"], viewer))
            socket.follow(await feeds.stream_feed(row.pk, viewer), SessionId(row.session_id), viewer, after)
        except DomainError as error:
            socket.close(_code_of(error), error.message)
        except Exception:
            log.exception("A plain socket could not begin.")
            socket.close(FAULT, "Something went wrong here.")

    async def _introduced(self, socket: PlainSocket, headers: Headers) -> Viewer:
        """Raises NotAuthenticated, InvalidInput."""
        admitted = await threads.run(partial(self._admit, headers, headers.get("authorization")))
        if admitted.credential is None:
            given = await self._authorization(socket)
            admitted = await threads.run(partial(self._admit, headers, given))
        if admitted.credential is None:
            raise NotAuthenticated("Unauthorized")
        socket.credential = admitted.credential
        return sockets.current().viewer_of(admitted)

    async def _authorization(self, socket: PlainSocket) -> str:
        try:
            text = await asyncio.wait_for(socket.first_message, self._init_seconds)
        except TimeoutError:
            raise NotAuthenticated("Unauthorized") from None
        try:
            given = orjson.loads(text)
        except orjson.JSONDecodeError:
            given = None
        if not isinstance(given, dict) or not isinstance(given.get("authorization"), str):
            raise InvalidInput('The first message is {"authorization": "Token …"}.')
        return str(given["authorization"])


def _code_of(error: DomainError) -> int:
    match error:
        case NotFound():
            return NOT_FOUND
        case NotAuthenticated():
            return UNAUTHORIZED
        case InvalidInput():
            return INVALID
    # The database is slow, or too many ask it.
    return TRY_AGAIN


def _stream(given: str, viewer: Viewer) -> Stream:
    """By its own id, or by the number of its session, as the old API has it. Raises NotFound."""
    return stream_of_session(given, viewer) if given.isdecimal() else stream(given, viewer)


def _after(scope: Mapping[str, Any]) -> Cursor | None:
    """Raises InvalidInput."""
    given = parse_qs(scope.get("query_string", b"").decode("latin1")).get("after")
    return Cursor.parsed(given[-1]) if given else None


def _headers(scope: Mapping[str, Any]) -> Headers:
    return {name.decode("latin1").lower(): value.decode("latin1") for name, value in scope["headers"]}


def _is_never(happening: Happening) -> bool:
    return False
