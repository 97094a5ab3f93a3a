"""Daphne as the gateway's server, with a cap on request bodies that Daphne itself lacks."""

from typing import Any

import daphne.server
from daphne.http_protocol import HTTPFactory, WebRequest

TOO_LARGE = (
    b"HTTP/1.1 413 Content Too Large\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n"
    b'{"detail": "The request body is larger than this server takes."}'
)


class CappedRequest(WebRequest):
    """Ends a request whose body grows past `server.max_body_bytes`; Daphne would spool all of it to disk first."""

    received_bytes = 0

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

    def _refuse_beyond_cap(self, size: int) -> bool:
        refused: bool = size > self.server.max_body_bytes
        if refused and not self.channel.transport.disconnecting:
            self.channel.transport.write(TOO_LARGE)
            self.channel.transport.loseConnection()
        return refused


class CappedFactory(HTTPFactory):
    """Makes capped requests."""

    def buildProtocol(self, addr: Any) -> Any:
        """Called by Twisted for every connection."""
        protocol = super().buildProtocol(addr)
        protocol.requestFactory = CappedRequest
        return protocol


class GatewayServer(daphne.server.Server):
    """Serves one ASGI application until SIGTERM or SIGINT."""

    def __init__(self, application: Any, *, host: str, port: int, max_body_bytes: int) -> None:
        # Daphne has no setting for its factory; Server.run looks this name up.
        daphne.server.HTTPFactory = CappedFactory
        endpoint = f"tcp:port={port}:interface={host.replace(':', chr(92) + ':')}"
        super().__init__(application, endpoints=[endpoint], server_name="Earshot", verbosity=0)
        self.max_body_bytes = max_body_bytes
