"""Server-sent events: one HTTP answer that goes on, as graphql-sse has it for distinct connections (PROTOCOL.md)."""

import asyncio
import logging
from collections import deque
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress

from backend.journal.queries import BEGINNING
from realtime import sockets
from realtime.happening import Happening
from realtime.membership import Unsent
from realtime.rooms import Seat
from realtime.sockets import GOING_AWAY, RESTARTING
from realtime.standing import Credential
from realtime.wire import WIRE, Outflow, Untaken
from schema.http_bodies import Receive
from schema.http_messages import EVENTS, Request
from schema.http_responses import Send, cors_headers

log = logging.getLogger(__name__)

# One comes every twelve seconds at the latest: sockets are looked at every two.
COMMENT_SECONDS = 10.0
# As websockets have it.
FAULT = 1011
COMMENT = b":\n\n"
COMPLETE = b"event: complete\ndata:\n\n"
HEADERS: Mapping[str, str] = {
    "content-type": f"{EVENTS}; charset=utf-8",
    "cache-control": "no-store",
    # nginx would gather events before it passes them on.
    "x-accel-buffering": "no",
}

Fill = Callable[["EventStream"], Awaitable[Seat[bytes] | None]]


class EventStream:
    """Also the outlet by which a room tells it; fulfils `realtime.sockets.Socket`.

    `fill` gives it what it tells: a room's seat, or None when all is told by its return.
    """

    def __init__(self, fill: Fill, credential: Credential | None = None) -> None:
        self.credential = credential
        self._fill = fill
        self._pieces: deque[bytes] = deque()
        self._held_bytes = 0
        self._news = asyncio.Event()
        self._is_over = False
        self._wrote_at = 0.0
        self._outflow: Outflow = _Unknown()
        self._untaken = Untaken(self._outflow)

    def send(self, payload: bytes, happening: Happening | None = None) -> None:
        """See Outlet."""
        resumes = happening is not None and happening.cursor != BEGINNING
        place = f"id: {happening.cursor}\n".encode() if happening is not None and resumes else b""
        self._write(b"event: next\n%bdata: %b\n\n" % (place, payload))

    def unsent(self) -> Unsent:
        """See Outlet."""
        return Unsent(len(self._pieces) + self._untaken.count(), self._held_bytes + self._outflow.unsent_bytes())

    def end(self) -> None:
        """See Outlet."""
        self._finish(COMPLETE)

    def stay_awake(self, now: float) -> None:
        """See Socket. A client that does not read is not sent comments, either."""
        if now - self._wrote_at >= COMMENT_SECONDS and not self.unsent().bytes:
            self._write(COMMENT)

    def close(self, code: int, reason: str) -> None:
        """See Socket. Without its `complete` the client asks again, and is told what is wrong."""
        self._finish(f": {code} {reason}\n\n".encode())

    def drain(self) -> None:
        """See Socket. A browser comes back by itself, with the id of the last event."""
        self.close(GOING_AWAY, RESTARTING)

    async def run(self, request: Request, receive: Receive, send: Send) -> None:
        """Until it is over, or the client has gone."""
        self._outflow = request.scope.get(WIRE) or self._outflow
        self._untaken = Untaken(self._outflow)
        self._write(COMMENT)
        sockets.current().add(self)
        told = asyncio.create_task(self._tell())
        written = asyncio.create_task(self._write_all(request, send))
        gone = asyncio.create_task(_until_gone(receive))
        try:
            await asyncio.wait((written, gone), return_when=asyncio.FIRST_COMPLETED)
        finally:
            sockets.current().discard(self)
            self._is_over = True
            for task in (told, written, gone):
                task.cancel()
            await asyncio.gather(told, written, gone, return_exceptions=True)

    async def _tell(self) -> None:
        try:
            seat = await self._fill(self)
        except Exception:
            log.exception("A subscription could not be followed.")
            self.close(FAULT, "Internal error")
            return
        if seat is not None:
            try:
                await asyncio.get_running_loop().create_future()
            finally:
                seat.leave()

    def _finish(self, last: bytes) -> None:
        self._write(last)
        self._is_over = True
        self._news.set()

    def _write(self, piece: bytes) -> None:
        if self._is_over:
            return
        self._wrote_at = asyncio.get_running_loop().time()
        self._pieces.append(piece)
        self._held_bytes += len(piece)
        self._news.set()

    async def _write_all(self, request: Request, send: Send) -> None:
        headers = {**HEADERS, **cors_headers(request.headers.get("origin", ""))}
        encoded = [(name.encode(), value.encode()) for name, value in headers.items()]
        # ASGI's word for a client who has gone.
        with suppress(OSError):
            await send({"type": "http.response.start", "status": 200, "headers": encoded})
            while self._pieces or not self._is_over:
                await self._news.wait()
                self._news.clear()
                await self._write_pieces(send)
            await send({"type": "http.response.body", "body": b""})

    async def _write_pieces(self, send: Send) -> None:
        while self._pieces:
            piece = self._pieces[0]
            await send({"type": "http.response.body", "body": piece, "more_body": True})
            self._pieces.popleft()
            self._held_bytes -= len(piece)
            self._untaken.wrote()


class _Unknown:
    """A server that does not say what it holds: then what it was given is taken."""

    def unsent_bytes(self) -> int:
        """See Outflow."""
        return 0

    def taken_bytes(self) -> int:
        """See Outflow."""
        return 0


async def _until_gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
