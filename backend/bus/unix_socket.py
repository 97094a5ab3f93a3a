"""The bus of the embedded default: a client of the hub's Unix socket."""

import contextlib
import socket

from backend.bus.hub import HEADER, SUBSCRIBE, frame
from backend.bus.network import Arrival, Line, NetworkBus

# A hub that takes nothing for this long is dead.
SEND_TIMEOUT_SECONDS = 1.0
CHUNK_BYTES = 65_536


class UnixSocketBus(NetworkBus):
    """Sends by one connection and reads from another."""

    def __init__(self, url: str) -> None:
        """`url` is unix: and the hub's path."""
        super().__init__()
        self._path = url.removeprefix("unix:")
        self._outgoing: socket.socket | None = None

    def transmit(self, letter: str, data: bytes) -> None:
        """See NetworkBus."""
        try:
            self._send(frame(ord(letter), data))
        except (BrokenPipeError, ConnectionResetError):
            # The hub has gone since the last time; there may be another.
            self._send(frame(ord(letter), data))

    def connect(self) -> Line:
        """See NetworkBus."""
        return HubLine(_connected(self._path))

    def close(self) -> None:
        """See Bus."""
        super().close()
        self._hang_up()

    def _send(self, data: bytes) -> None:
        if self._outgoing is None:
            self._outgoing = _connected(self._path)
        try:
            self._outgoing.sendall(data)
        except OSError:
            self._hang_up()
            raise

    def _hang_up(self) -> None:
        if self._outgoing is not None:
            self._outgoing.close()
            self._outgoing = None


class HubLine:
    """What the hub copies to this process."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection
        self._arrived = bytearray()

    def subscribe(self, letters: frozenset[str]) -> None:
        """See Line; the hub says the same back."""
        self._connection.settimeout(SEND_TIMEOUT_SECONDS)
        self._connection.sendall(frame(SUBSCRIBE, "".join(sorted(letters)).encode()))

    def read(self, patience_seconds: float) -> Arrival | None:
        """See Line."""
        self._connection.settimeout(patience_seconds)
        while (arrival := self._next()) is None:
            try:
                chunk = self._connection.recv(CHUNK_BYTES)
            except TimeoutError:
                return None
            if not chunk:
                raise ConnectionError("the hub has gone")
            self._arrived += chunk
        return arrival

    def close(self) -> None:
        """See Line."""
        self._connection.close()

    def _next(self) -> Arrival | None:
        if len(self._arrived) < HEADER.size:
            return None
        length, letter = HEADER.unpack_from(self._arrived)
        end = HEADER.size + length - 1
        if len(self._arrived) < end:
            return None
        data = bytes(self._arrived[HEADER.size : end])
        del self._arrived[:end]
        return Arrival(chr(letter), data)


def _connected(path: str) -> socket.socket:
    with contextlib.ExitStack() as undo:
        connection = undo.enter_context(socket.socket(socket.AF_UNIX, socket.SOCK_STREAM))
        connection.settimeout(SEND_TIMEOUT_SECONDS)
        connection.connect(path)
        undo.pop_all()
    return connection
