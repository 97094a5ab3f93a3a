"""Daphne's connections with what realtime needs: written to at once, and known by what they have not sent."""

import daphne.server  # first: it installs Twisted's reactor
from daphne.ws_protocol import WebSocketFactory, WebSocketProtocol
from twisted.internet import tcp
from twisted.internet.error import ConnectionLost

from realtime.wire import reason_that_fits, text_head

NORMAL_CLOSE, TOO_LONG = 1000, 1009
# A client who answers a close no sooner is cut off, with what it has not read; autobahn's own is one second.
GOODBYE_SECONDS = 3.0


class Connection(tcp.Server):
    """A TCP connection that tries its socket at once, and counts what that has taken."""

    taken_bytes = 0

    def write_now(self, data: bytes) -> None:
        """As `write`, which would leave it to the event loop's next turn, and watch the socket for it."""
        if self.dataBuffer or self._tempDataBuffer or not self.connected:
            self.write(data)
            return
        try:
            taken = self.socket.send(data)
        except OSError:
            # Not now, or not any more: the event loop finds out which.
            taken = 0
        self.taken_bytes += taken
        if taken < len(data):
            self.write(data[taken:])

    def writeSomeData(self, data: bytes) -> int | ConnectionLost:
        """Called by Twisted, with what waits."""
        taken = super().writeSomeData(data)
        if isinstance(taken, int):
            self.taken_bytes += taken
        return taken

    def unsent_bytes(self) -> int:
        """What waits. Twisted has no name for it, but two buffers."""
        waiting: int = len(self.dataBuffer) - self.offset + self._tempDataLen
        return waiting


class Outgoing:
    """`realtime.wire.Outflow`, fulfilled: of the connection that a request came by, too."""

    __slots__ = ("_connection",)

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def unsent_bytes(self) -> int:
        """As `Outflow` says."""
        return self._connection.unsent_bytes()

    def taken_bytes(self) -> int:
        """As `Outflow` says."""
        return self._connection.taken_bytes


class SocketWire(Outgoing):
    """`realtime.wire.Wire`, fulfilled: frames go past autobahn's and Twisted's costs, in order with their own."""

    __slots__ = ("_protocol",)

    def __init__(self, protocol: "SocketProtocol") -> None:
        super().__init__(protocol.transport)
        self._protocol = protocol

    def send_text(self, data: bytes) -> None:
        """As `Wire` says."""
        if self._protocol.state == SocketProtocol.STATE_OPEN:
            self._connection.write_now(text_head(len(data)) + data)

    def close(self, code: int, reason: str = "") -> None:
        """As `Wire` says."""
        if self._protocol.state == SocketProtocol.STATE_OPEN:
            self._protocol.sendCloseFrame(code, reason_that_fits(reason).encode())


class SocketProtocol(WebSocketProtocol):
    """Daphne's, but a close has its reason, and any code: Daphne forgets the one and refuses 1001 and 1009."""

    def handle_reply(self, message: dict[str, object]) -> None:
        """Called by Daphne with what the application sends."""
        if message["type"] == "websocket.close" and self.state != self.STATE_CONNECTING:
            code, reason = message.get("code") or NORMAL_CLOSE, str(message.get("reason") or "")
            self.sendCloseFrame(code, reason_that_fits(reason).encode())
        else:
            super().handle_reply(message)

    def _max_message_size_exceeded(self, size: int, most: int, reason: str) -> None:
        """Called by autobahn, which would cut the client off without a word; what else it sends is not kept.

        Its own `failByDrop=False` would be as polite to who breaks the protocol, and keep a ping of any length.
        """
        self.failedByMe = True
        self.sendCloseFrame(TOO_LONG, b"Message too long")

    def sendData(self, data: bytes, sync: bool = False, chopsize: int | None = None) -> None:
        """Called by autobahn with its own frames; the options are for its tests."""
        self.transport.write_now(data)


class SocketFactory(WebSocketFactory):
    """Makes these."""

    protocol = SocketProtocol

    def __init__(self, *arguments: object, **options: object) -> None:
        super().__init__(*arguments, **options)
        self.setProtocolOptions(closeHandshakeTimeout=GOODBYE_SECONDS)


daphne.server.WebSocketFactory = SocketFactory
