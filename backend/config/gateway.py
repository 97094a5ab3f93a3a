"""Daphne as the gateway's server, with what it lacks: caps on bodies, which stay out of memory; wires; a calm end."""

import asyncio
import contextlib
import gc
import logging
import sys
from collections.abc import Awaitable, Callable, MutableMapping
from io import BytesIO
from typing import IO, Any

import daphne.server
from daphne.http_protocol import HTTPFactory, WebRequest
from twisted.internet.defer import Deferred, maybeDeferred

from backend.config.connections import Connection, Outgoing, SocketProtocol, SocketWire
from realtime.wire import WIRE

log = logging.getLogger(__name__)

Message = MutableMapping[str, Any]
ASGIApp = Callable[[Any, Any, Any], Awaitable[None]]

TOO_LARGE = (
    b"HTTP/1.1 413 Content Too Large\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n"
    b'{"detail": "The request body is larger than this server takes."}'
)
CREDENTIALS = (b"authorization", b"cookie")
BODY = "earshot.body"
PIECE_BYTES = 65_536
# A peer that is gone without a word is noticed after both: a ping when nothing has come for the first, in seconds.
PING_AFTER_SECONDS = 14
PONG_WITHIN_SECONDS = 20
# Requests may take so long after SIGTERM; the supervisor waits for ten seconds.
FINISH_SECONDS = 5.0
# How long the event loop waits for a thread that computes, for each such thread: a fifth of Python's own.
SWITCH_SECONDS = 0.001


class CappedRequest(WebRequest):
    """Ends a request whose body grows past its cap; Daphne would spool all of it to disk first."""

    content: IO[bytes]
    received_bytes = 0

    def __init__(self, *args: Any, **options: Any) -> None:
        # Else Twisted would read and parse the whole of a form at once, while all others wait.
        super().__init__(*args, **{**options, "parsePOSTFormSubmission": False})

    def gotLength(self, length: int | None) -> None:
        """Called by Twisted before the body, with its announced length."""
        super().gotLength(length)
        if length is not None:
            self._refuse_beyond_cap(length)

    def handleContentChunk(self, data: bytes) -> None:
        """Called by Twisted for every piece of the body."""
        self.received_bytes += len(data)
        if not self._refuse_beyond_cap(self.received_bytes):
            super().handleContentChunk(data)

    def take_body(self) -> IO[bytes]:
        """The body, from its start: from now on the caller's to close. Daphne, which comes next, finds none."""
        body, self.content = self.content, BytesIO()
        return body

    def _refuse_beyond_cap(self, size: int) -> bool:
        refused: bool = size > self._most_bytes()
        if refused and not self.channel.transport.disconnecting:
            self.channel.transport.write(TOO_LARGE)
            self.channel.transport.loseConnection()
        return refused

    def _most_bytes(self) -> int:
        has_credentials = any(self.requestHeaders.hasHeader(name) for name in CREDENTIALS)
        most: int = self.server.max_body_bytes if has_credentials else self.server.max_anonymous_body_bytes
        return most


class CappedFactory(HTTPFactory):
    """Makes capped requests."""

    def buildProtocol(self, addr: Any) -> Any:
        """Called by Twisted for every connection."""
        protocol = super().buildProtocol(addr)
        protocol.requestFactory = CappedRequest
        return protocol


class Lazily:
    """Gives an application the body piece by piece, as it asks; Daphne would queue all pieces at once, in memory."""

    def __init__(self, application: ASGIApp) -> None:
        self._application = application

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Called by Daphne for every request."""
        body = scope.pop(BODY, None)
        if body is None:
            await self._application(scope, receive, send)
            return
        with body:
            await self._application(scope, _Pieces(body, receive), send)


class _Pieces:
    """An ASGI `receive`: first the body, then what Daphne says after it."""

    def __init__(self, body: IO[bytes], receive: Callable[[], Awaitable[Message]]) -> None:
        self._body: IO[bytes] | None = body
        self._receive = receive

    async def __call__(self) -> Message:
        if self._body is not None:
            piece = self._body.read(PIECE_BYTES)
            if len(piece) < PIECE_BYTES:
                self._body = None
            return {"type": "http.request", "body": piece, "more_body": self._body is not None}
        message = await self._receive()
        # The empty body that Daphne found comes before whatever else it says.
        return await self._receive() if message["type"] == "http.request" else message


async def nothing() -> None:
    """What is to be done before the end, where there is nothing."""


class GatewayServer(daphne.server.Server):
    """Serves one ASGI application until SIGTERM or SIGINT; who names no credentials may send less.

    `before_stop` tells those who stay connected; then requests have some seconds to finish.
    """

    def __init__(
        self,
        application: ASGIApp,
        *,
        host: str,
        port: int,
        max_body_bytes: int,
        max_anonymous_body_bytes: int | None = None,
        before_stop: Callable[[], Awaitable[None]] = nothing,
        ping_after_seconds: float = PING_AFTER_SECONDS,
        pong_within_seconds: float = PONG_WITHIN_SECONDS,
    ) -> None:
        # Daphne has no setting for its factory; Server.run looks this name up.
        daphne.server.HTTPFactory = CappedFactory
        endpoint = f"tcp:port={port}:interface={host.replace(':', chr(92) + ':')}"
        super().__init__(
            Lazily(application),
            endpoints=[endpoint],
            server_name="Earshot",
            verbosity=0,
            ping_interval=ping_after_seconds,
            ping_timeout=pong_within_seconds,
        )
        self._ports: list[Any] = []
        self._before_stop = before_stop
        # There is one as soon as somebody waits for it.
        self._all_have_gone: asyncio.Event | None = None
        self.max_body_bytes = max_body_bytes
        self.max_anonymous_body_bytes = max_body_bytes if max_anonymous_body_bytes is None else max_anonymous_body_bytes

    def run(self) -> None:
        """Serve until told to stop."""
        # What is here now stays: collections of garbage need not look through it, which takes half a second.
        gc.collect()
        gc.freeze()
        # A large answer is a hundred thousand objects: look through all that is new a tenth as often as Python does.
        gc.set_threshold(700, 10, 100)
        sys.setswitchinterval(SWITCH_SECONDS)
        super().run()

    def listen_success(self, port: Any) -> None:
        """Called by Daphne with the port that it listens on."""
        port.transport = Connection
        self._ports.append(port)
        super().listen_success(port)

    def create_application(self, protocol: Any, scope: Any) -> Any:
        """Called by Daphne for every request and websocket."""
        if isinstance(protocol, CappedRequest):
            scope[BODY] = protocol.take_body()
            scope[WIRE] = Outgoing(protocol.channel.transport)
        elif isinstance(protocol, SocketProtocol):
            scope[WIRE] = SocketWire(protocol)
        return super().create_application(protocol, scope)

    def kill_all_applications(self) -> Any:
        """Called by Daphne when it is told to stop; the process ends when this is done."""
        return Deferred.fromFuture(asyncio.ensure_future(self._stop()))

    async def _stop(self) -> None:
        loop = asyncio.get_running_loop()
        for port in self._ports:
            await maybeDeferred(port.stopListening).asFuture(loop)
        try:
            await self._before_stop()
        except Exception:
            log.exception("Those who are connected were not all told of the end")
        await self._quiet()
        running = [each for details in self.connections.values() if (each := details.get("application_instance"))]
        for application in running:
            application.cancel()
        await asyncio.gather(*running, return_exceptions=True)

    async def _quiet(self) -> None:
        """Until nobody is connected who has asked for something, or it has taken too long."""
        self._all_have_gone = asyncio.Event()
        if self._is_busy():
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._all_have_gone.wait(), FINISH_SECONDS)

    def protocol_disconnected(self, protocol: Any) -> None:
        """Called by Daphne when a request has its answer, or a socket its end."""
        super().protocol_disconnected(protocol)
        if self._all_have_gone is not None and not self._is_busy():
            self._all_have_gone.set()

    def _is_busy(self) -> bool:
        return any("disconnected" not in details for details in self.connections.values())
