"""Listeners whose connection stays and who never read: what a phone in a tunnel is to the engine."""

import socket
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from urllib.parse import urlsplit

# The least that Linux gives; by itself the kernel would take megabytes in their name.
RECEIVE_BUFFER_BYTES = 4_096
PATIENCE_SECONDS = 30.0


@contextmanager
def not_reading(urls: Sequence[str]) -> Iterator[None]:
    """One connection to each of these, until the block ends; they ask all at once."""
    with ExitStack() as connections, ThreadPoolExecutor(max(1, len(urls))) as askers:
        for connection in askers.map(_asked, urls):
            connections.enter_context(connection)
        yield


def _asked(url: str) -> socket.socket:
    """A connection that has its 200, and has read no more than that."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while True:
        connection = _connected(url)
        if b" 200 " in connection.recv(len("HTTP/1.1 200 OK")):
            return connection
        connection.close()
        if time.monotonic() > deadline:
            raise RuntimeError("a listener who was not going to read was refused")
        time.sleep(1.0)


def _connected(url: str) -> socket.socket:
    parts = urlsplit(url)
    connection = socket.socket()
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, RECEIVE_BUFFER_BYTES)
    connection.connect((parts.hostname, parts.port))
    connection.sendall(f"GET {parts.path}?{parts.query} HTTP/1.0\r\nHost: {parts.netloc}\r\n\r\n".encode())
    return connection
