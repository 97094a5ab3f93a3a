"""The engine's own HTTP: GET /stream<number>.mp3 (or .ogg) ?key=…, /status and /metrics.

No sound goes through Daphne: nothing there stops it from piling up before a listener who does not read.
"""

import asyncio
import fcntl
import logging
import socket
import sys
import termios
import time
from collections.abc import Callable
from http import HTTPStatus
from typing import Protocol, cast

import httptools

from audio_engine.delivery.broadcast import Broadcast, Listener
from audio_engine.delivery.metrics import CONTENT_TYPE, Metrics
from audio_engine.delivery.requests import StreamAddress, is_probe, key_of, stream_address
from audio_engine.delivery.responses import Refusal, preflight, refusal, stream_head, whole
from audio_engine.delivery.status import StatusSource, status_json
from audio_engine.delivery.tally import Tally

log = logging.getLogger(__name__)

MAX_HEADER_BYTES = 16 * 1024
HEADER_SECONDS = 15.0
# The longest that a player waits for its stream to be loaded from the database.
RESOLVE_SECONDS = 15.0
GOODBYE_SECONDS = 30.0
SWEEP_SECONDS = 1.0
# The kernel doubles it. Left alone it grows to megabytes: minutes of sound that nobody can take back.
SEND_BUFFER_BYTES = 32 * 1024
_WELCOME = b"Earshot's audio. A stream is at /stream<number>.mp3?key=<its key>; the engine's state is at /status.\n"


class Resolve(Protocol):
    """Finds the stream of a number for whoever holds its key, and loads it when it is not there yet."""

    async def __call__(self, number: int, key: str) -> Broadcast | Refusal:
        """NOT_FOUND also for a wrong key; then nothing has been touched."""


class AudioServer:
    """Accepts players and gives each its broadcast. `now` is monotonic, in seconds."""

    def __init__(
        self,
        *,
        find: Resolve,
        put_on_air: Resolve,
        status: StatusSource,
        tally: Tally | None = None,
        now: Callable[[], float] = time.monotonic,
        max_connections: int = 2_000,
    ) -> None:
        """`find` serves who asks about a stream, `put_on_air` who is going to listen: its burst is ready then."""
        self.find = find
        self.put_on_air = put_on_air
        self.status = status
        self.metrics = Metrics(status)
        self.tally = tally or Tally()
        self.now = now
        self.connections: set[Connection] = set()
        self._max_connections = max_connections
        self._server: asyncio.Server | None = None
        self._sweeping: asyncio.TimerHandle | None = None

    @property
    def port(self) -> int:
        """Where it listens; asked for after `start`, which may have been given 0."""
        assert self._server is not None
        return int(self._server.sockets[0].getsockname()[1])

    def lags(self) -> dict[int, float]:
        """How far behind what was rendered each stream's listener is, in seconds; of several the last one."""
        found: dict[int, float] = {}
        for connection in self.connections:
            if (lag := connection.lag_seconds) is not None:
                found[connection.stream_number] = max(lag, found.get(connection.stream_number, 0.0))
        return found

    @property
    def is_full(self) -> bool:
        return len(self.connections) > self._max_connections

    async def start(self, host: str, port: int) -> None:
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(lambda: Connection(self, loop), host, port, backlog=512)
        self._sweep_later(loop)

    async def close(self) -> None:
        """Accept nobody more, and let go of those who are here."""
        if self._sweeping is not None:
            self._sweeping.cancel()
        if self._server is not None:
            self._server.close()
        for connection in tuple(self.connections):
            connection.close()

    def sweep(self) -> None:
        """Cut off who sends no request or takes no sound. Called every second."""
        now = self.now()
        for connection in tuple(self.connections):
            connection.sweep(now)

    def _sweep_later(self, loop: asyncio.AbstractEventLoop) -> None:
        def sweep() -> None:
            self.sweep()
            self._sweep_later(loop)

        self._sweeping = loop.call_later(SWEEP_SECONDS, sweep)


class Connection(asyncio.Protocol):
    """One request and its answer."""

    def __init__(self, server: AudioServer, loop: asyncio.AbstractEventLoop) -> None:
        self._server = server
        self._loop = loop
        self._transport: asyncio.Transport
        self._parser = httptools.HttpRequestParser(self)
        self._received_bytes = 0
        self._method = b""
        self._url = b""
        self._wants_titles = False
        self._is_probe = False
        self._is_request_complete = False
        self._is_answered = False
        self._since = server.now()
        self._resolving: asyncio.Task[None] | None = None
        self._hearing: tuple[Broadcast, Listener] | None = None
        # Of the stream that it asks for; 0 until it asks for one.
        self.stream_number = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        # uvloop's transports are no subclass of asyncio's.
        self._transport = cast(asyncio.Transport, transport)
        transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SEND_BUFFER_BYTES)
        self._server.connections.add(self)
        if self._server.is_full:
            self._end(refusal(Refusal.OVERLOADED))

    def connection_lost(self, exc: Exception | None) -> None:
        self._server.connections.discard(self)
        if self._resolving is not None:
            self._resolving.cancel()
        if self._hearing is not None:
            broadcast, listener = self._hearing
            broadcast.detach(listener)

    def data_received(self, data: bytes) -> None:
        if self._is_answered:
            # A body, or a second request: neither is looked at.
            return
        self._received_bytes += len(data)
        if self._received_bytes > MAX_HEADER_BYTES:
            self._end(refusal(Refusal.HEADERS_TOO_LARGE))
            return
        try:
            self._parser.feed_data(data)
        except (httptools.HttpParserError, httptools.HttpParserUpgrade):
            if not self._is_request_complete:
                self._end(refusal(Refusal.BAD_REQUEST))
        if self._is_request_complete and not self._is_answered:
            self._answer()

    def on_url(self, url: bytes) -> None:
        if not self._is_request_complete:
            self._url += url

    def on_header(self, name: bytes, value: bytes) -> None:
        if self._is_request_complete:
            # Of a second request, sent with the first: see `data_received`.
            return
        match name.lower():
            case b"icy-metadata":
                self._wants_titles = value.strip() == b"1"
            case b"range":
                self._is_probe = is_probe(value)

    def on_headers_complete(self) -> None:
        self._method = self._method or self._parser.get_method()
        self._is_request_complete = True

    def sweep(self, now: float) -> None:
        if self._hearing is not None:
            self._hearing[1].sweep(now)
        elif now - self._since >= (GOODBYE_SECONDS if self._is_answered else HEADER_SECONDS):
            self._transport.abort()

    @property
    def lag_seconds(self) -> float | None:
        """What waits for this listener, in this process and in the kernel; None for whoever does not listen."""
        if self._hearing is None or self._transport.is_closing():
            return None
        waiting = self._transport.get_write_buffer_size() + _unsent_bytes(self._transport)
        return waiting / (self._hearing[0].bitrate_kbps * 125)

    def close(self) -> None:
        self._transport.close()

    def _answer(self) -> None:
        if self._method == b"OPTIONS":
            self._end(preflight())
        elif self._method not in (b"GET", b"HEAD"):
            self._end(refusal(Refusal.METHOD_NOT_ALLOWED))
        else:
            self._route()

    def _route(self) -> None:
        try:
            parsed = httptools.parse_url(self._url)
        except httptools.HttpParserInvalidURLError:
            self._end(refusal(Refusal.BAD_REQUEST))
            return
        path = parsed.path or b"/"
        address = stream_address(path)
        if address is not None:
            self._since = self._server.now()
            self._is_answered = True
            self.stream_number = address.number
            self._resolving = self._loop.create_task(self._listen(address, key_of(parsed.query)))
        elif path == b"/status":
            self._end(whole(HTTPStatus.OK, "application/json", status_json(self._server.status)))
        elif path == b"/metrics":
            self._end(whole(HTTPStatus.OK, CONTENT_TYPE, self._server.metrics.text()))
        elif path == b"/":
            self._end(whole(HTTPStatus.OK, "text/plain; charset=utf-8", _WELCOME))
        else:
            self._end(refusal(Refusal.NOT_FOUND))

    async def _listen(self, address: StreamAddress, key: str) -> None:
        found = await self._resolved(address, key)
        if self._transport.is_closing():
            return
        if isinstance(found, Refusal):
            self._server.tally.refused += found is Refusal.OVERLOADED
            self._end(refusal(found))
        elif self._is_head:
            self._end(stream_head(found, with_titles=self._wants_titles))
        elif found.is_closed:
            self._end(refusal(Refusal.NOT_FOUND))
        else:
            self._transport.write(stream_head(found, with_titles=self._wants_titles))
            self._hearing = (
                found,
                found.attach(self._transport, wants_titles=self._wants_titles, is_probe=self._is_probe),
            )

    async def _resolved(self, address: StreamAddress, key: str) -> Broadcast | Refusal:
        resolve = self._server.find if self._is_head else self._server.put_on_air
        try:
            async with asyncio.timeout(RESOLVE_SECONDS):
                found = await resolve(address.number, key)
        except TimeoutError:
            return Refusal.OVERLOADED
        except Exception:
            log.exception("stream %d", address.number)
            return Refusal.OVERLOADED
        if isinstance(found, Broadcast) and address.suffix not in found.framing.suffixes:
            return Refusal.NOT_FOUND
        return found

    @property
    def _is_head(self) -> bool:
        return self._method == b"HEAD"

    def _end(self, response: bytes) -> None:
        self._is_answered = True
        self._since = self._server.now()
        if self._is_head:
            response = response.partition(b"\r\n\r\n")[0] + b"\r\n\r\n"
        self._transport.write(response)
        self._transport.close()


def _unsent_bytes(transport: asyncio.Transport) -> int:
    """What the kernel holds of it that the other end has not taken."""
    answer = fcntl.ioctl(transport.get_extra_info("socket").fileno(), termios.TIOCOUTQ, bytes(4))
    return int.from_bytes(answer, sys.byteorder)
