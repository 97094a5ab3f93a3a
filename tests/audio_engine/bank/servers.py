"""Small servers on the loopback that answer each connection with bytes of a test's choice, and count connections."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

Answer = Callable[[str, socket.socket], None]


class Served:
    def __init__(self, answer: Answer) -> None:
        self._answer = answer
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listening.getsockname()[1]
        self.requests: list[str] = []
        self.connections = 0
        threading.Thread(target=self._serve, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/sound"

    def close(self) -> None:
        # Wakes accept(), which close() alone does not.
        with suppress(OSError):
            self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._listening.accept()
            except OSError:
                return
            self.connections += 1
            threading.Thread(target=self._converse, args=[connection], daemon=True).start()

    def _converse(self, connection: socket.socket) -> None:
        with connection, suppress(OSError):
            request = b""
            while b"\r\n\r\n" not in request:
                piece = connection.recv(4_096)
                if not piece:
                    return
                request += piece
            self.requests.append(request.decode())
            self._answer(request.decode(), connection)


@contextmanager
def serving(answer: Answer) -> Iterator[Served]:
    server = Served(answer)
    try:
        yield server
    finally:
        server.close()


def raw(content: bytes) -> Answer:
    return lambda _request, connection: connection.sendall(content)


def body(content: bytes, *, status: str = "200 OK", headers: str = "", announced: int | None = None) -> Answer:
    """A whole response; `announced` is its Content-Length when that is to be a lie."""

    def answer(_request: str, connection: socket.socket) -> None:
        length = len(content) if announced is None else announced
        head = f"HTTP/1.1 {status}\r\nContent-Length: {length}\r\n{headers}\r\n"
        connection.sendall(head.encode() + content)

    return answer


def redirect(location: str) -> Answer:
    return body(b"", status="302 Found", headers=f"Location: {location}\r\n")
