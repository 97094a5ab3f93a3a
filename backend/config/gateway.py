"""Daphne as the gateway's server, with what it lacks: caps on request bodies, and bodies that stay out of memory."""

import gc
import sys
from collections.abc import Awaitable, Callable, MutableMapping
from io import BytesIO
from typing import IO, Any

import daphne.server
from daphne.http_protocol import HTTPFactory, WebRequest

Message = MutableMapping[str, Any]
ASGIApp = Callable[[Any, Any, Any], Awaitable[None]]

TOO_LARGE = (
    b"HTTP/1.1 413 Content Too Large\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n"
    b'{"detail": "The request body is larger than this server takes."}'
)
CREDENTIALS = (b"authorization", b"cookie")
BODY = "earshot.body"
PIECE_BYTES = 65_536
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


class GatewayServer(daphne.server.Server):
    """Serves one ASGI application until SIGTERM or SIGINT; who names no credentials may send less."""

    def __init__(
        self,
        application: ASGIApp,
        *,
        host: str,
        port: int,
        max_body_bytes: int,
        max_anonymous_body_bytes: int | None = None,
    ) -> None:
        # Daphne has no setting for its factory; Server.run looks this name up.
        daphne.server.HTTPFactory = CappedFactory
        endpoint = f"tcp:port={port}:interface={host.replace(':', chr(92) + ':')}"
        super().__init__(Lazily(application), endpoints=[endpoint], server_name="Earshot", verbosity=0)
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

    def create_application(self, protocol: Any, scope: Any) -> Any:
        """Called by Daphne for every request and websocket."""
        if isinstance(protocol, CappedRequest):
            scope[BODY] = protocol.take_body()
        return super().create_application(protocol, scope)
