"""The bus of the embedded default: a client of the hub's Unix socket."""

import contextlib
import logging
import socket
import threading

from backend.bus.codec import Topic
from backend.bus.hub import HEADER, SUBSCRIBE, frame
from backend.bus.transport import Switchboard

log = logging.getLogger(__name__)

RETRY_SECONDS = 0.1
# A hub that takes nothing for this long is dead; the sender is a request that must not hang.
SEND_TIMEOUT_SECONDS = 1.0


class UnixSocketBus(Switchboard):
    """Connects when first needed, and again whenever the hub comes back."""

    def __init__(self, url: str) -> None:
        """`url` is unix: and the hub's path."""
        super().__init__()
        self._path = url.removeprefix("unix:")
        self._socket: socket.socket | None = None
        self._sending = threading.Lock()
        self._wanted: frozenset[Topic] = frozenset()
        self._reader: threading.Thread | None = None
        self._closed = threading.Event()

    def send(self, topic: Topic, data: bytes) -> None:
        """See Switchboard."""
        self._send_frame(ord(topic), data)

    def start_hearing(self, topics: frozenset[Topic]) -> None:
        """See Switchboard."""
        with self._lock:
            news = not topics <= self._wanted
            self._wanted |= topics
            if self._reader is None:
                self._reader = threading.Thread(target=self._read_for_ever, name="bus", daemon=True)
                self._reader.start()
        if news:
            with contextlib.suppress(OSError):
                self._send_frame(SUBSCRIBE, self._letters())

    def close(self) -> None:
        """See Bus."""
        self._closed.set()
        with self._sending:
            self._drop()

    def _letters(self) -> bytes:
        return "".join(sorted(self._wanted)).encode()

    def _send_frame(self, letter: int, payload: bytes) -> None:
        with self._sending:
            try:
                self._connected().sendall(frame(letter, payload))
            except OSError:
                self._drop()
                raise

    def _connected(self) -> socket.socket:
        if self._socket is None:
            connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
            connection.settimeout(SEND_TIMEOUT_SECONDS)
            connection.connect(self._path)
            connection.sendall(frame(SUBSCRIBE, self._letters()))
            self._socket = connection
        return self._socket

    def _drop(self) -> None:
        if self._socket is not None:
            with contextlib.suppress(OSError):
                self._socket.shutdown(socket.SHUT_RDWR)
            self._socket.close()
            self._socket = None

    def _read_for_ever(self) -> None:
        while not self._closed.is_set():
            try:
                with self._sending:
                    connection = self._connected()
                self._read_from(connection)
            except OSError:
                with self._sending:
                    self._drop()
                self._closed.wait(RETRY_SECONDS)

    def _read_from(self, connection: socket.socket) -> None:
        while True:
            length, _letter = HEADER.unpack(_exactly(connection, HEADER.size))
            self.dispatch(_exactly(connection, length - 1))


def _exactly(connection: socket.socket, size: int) -> bytes:
    data = bytearray()
    while len(data) < size:
        try:
            chunk = connection.recv(size - len(data))
        except TimeoutError:
            continue
        if not chunk:
            raise ConnectionError("the hub has gone")
        data += chunk
    return bytes(data)
