"""Listeners whose connection stays and who never read: what a phone in a tunnel is to the engine."""

import socket
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from urllib.parse import urlsplit

# The least that Linux gives; by itself the kernel would take megabytes in their name.
RECEIVE_BUFFER_BYTES = 4_096


@contextmanager
def not_reading(urls: Sequence[str]) -> Iterator[None]:
    """One connection to each of these, until the block ends."""
    with ExitStack() as connections:
        for url in urls:
            connections.enter_context(_asked(url))
        yield


def _asked(url: str) -> socket.socket:
    parts = urlsplit(url)
    connection = socket.socket()
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, RECEIVE_BUFFER_BYTES)
    connection.connect((parts.hostname, parts.port))
    connection.sendall(f"GET {parts.path}?{parts.query} HTTP/1.0\r\nHost: {parts.netloc}\r\n\r\n".encode())
    return connection
