"""Fetches a sound by http(s) from the open net, and from nowhere else."""

import http.client
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from typing import BinaryIO, Protocol
from urllib.parse import SplitResult, quote, urljoin, urlsplit

from audio_engine.bank.addresses import Address, is_public, resolve
from audio_engine.bank.errors import EndlessStream, SourceRefused, SourceTooLarge, SourceUnreachable
from backend.errors import DomainError

Resolve = Callable[[str, int], list[Address]]
_READ_BYTES = 1 << 16
_SILENCE_SECONDS = 10.0
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_PORTS = {"http": 80, "https": 443}
_HEADERS = {"User-Agent": "Earshot", "Accept": "audio/*, */*;q=0.1", "Accept-Encoding": "identity"}


class Connect(Protocol):
    """Opens a TCP connection to a numeric address; socket.create_connection is one."""

    def __call__(self, address: tuple[str, int], timeout: float) -> socket.socket: ...


@dataclass(frozen=True, slots=True)
class FetchLimits:
    """What one source may take; the seconds count from the first question to the last byte."""

    size_bytes: int = 100_000_000
    seconds: float = 60.0
    redirects: int = 3


class Fetcher:
    """Every hop's host is resolved once, all its addresses are checked, and the connection goes to the checked one."""

    def __init__(
        self,
        *,
        allows_private: bool = False,
        limits: FetchLimits | None = None,
        resolve: Resolve = resolve,
        connect: Connect = socket.create_connection,
    ) -> None:
        self._allows_private = allows_private
        self._limits = limits or FetchLimits()
        self._resolve = resolve
        self._connect = connect

    def fetch(self, url: str, into: BinaryIO) -> None:
        """Write the body of `url` to `into`; waits for at most the limit.

        Raises SourceRefused, SourceUnreachable, SourceTooLarge, EndlessStream; then `into` holds a part.
        """
        deadline = time.monotonic() + self._limits.seconds
        for _ in range(self._limits.redirects + 1):
            moved_to = self._hop(url, into, deadline)
            if moved_to is None:
                return
            url = urljoin(url, moved_to)
        raise SourceRefused(f"The source redirects more than {self._limits.redirects} times.")

    def _hop(self, url: str, into: BinaryIO, deadline: float) -> str | None:
        """One request: the address that it redirects to, or None when the body has been written."""
        parts, port = _checked_url(url)
        address = self._checked_address(str(parts.hostname), port)
        with _network():
            raw = self._open(address, port, deadline)
        with closing(raw), _cut_off(raw, deadline):
            with _network():
                response = _ask(parts, port, raw)
            with closing(response):
                if time.monotonic() >= deadline:
                    # Cut off among the headers, which look whole all the same.
                    raise SourceUnreachable("The source did not answer in time.")
                if response.status in _REDIRECTS:
                    return response.getheader("Location", "")
                self._receive(response, into, deadline)
        return None

    def _checked_address(self, host: str, port: int) -> Address:
        with _network():
            addresses = self._resolve(host, port)
        # A name that also has a private address is somebody's trick, or somebody's mistake.
        if not addresses or not (self._allows_private or all(is_public(address) for address in addresses)):
            raise SourceRefused("The source is not on the open net.")
        return addresses[0]

    def _open(self, address: Address, port: int, deadline: float) -> socket.socket:
        seconds = min(_SILENCE_SECONDS, deadline - time.monotonic())
        if seconds <= 0:
            raise SourceUnreachable("The source did not answer in time.")
        return self._connect((str(address), port), seconds)

    def _receive(self, response: http.client.HTTPResponse, into: BinaryIO, deadline: float) -> None:
        if any(name.lower().startswith("icy-") for name, _ in response.getheaders()):
            raise EndlessStream("The source is a radio stream; it has no end.")
        if response.status != http.client.OK:
            raise SourceUnreachable(f"The source answered with status {response.status}.")
        announced = response.length
        if announced is not None and announced > self._limits.size_bytes:
            raise SourceTooLarge(f"The source is larger than {self._limits.size_bytes} bytes.")
        received = self._copy(response, into)
        is_late = time.monotonic() >= deadline
        if announced is None and (is_late or received > self._limits.size_bytes):
            raise EndlessStream("The source did not end within the limits; it may be a live stream.")
        if is_late or (announced is not None and received < announced):
            raise SourceUnreachable("The source broke off.")

    def _copy(self, response: http.client.HTTPResponse, into: BinaryIO) -> int:
        """Write what comes, until it ends, breaks off or is more than allowed; the bytes that came."""
        received = 0
        while received <= self._limits.size_bytes:
            piece = b""
            with suppress(OSError, http.client.HTTPException):
                piece = response.read(_READ_BYTES)
            if not piece:
                break
            received += len(piece)
            into.write(piece)
        return received


def _checked_url(url: str) -> tuple[SplitResult, int]:
    try:
        parts = urlsplit(url)
        usual_port = _PORTS[parts.scheme]
        port = parts.port or usual_port
    except (ValueError, KeyError):
        raise SourceRefused("The source is not an http or https address.") from None
    if not parts.hostname or parts.username is not None or parts.password is not None:
        raise SourceRefused("The source's address has no host, or names a user.")
    return parts, port


def _path(parts: SplitResult) -> str:
    path = quote(parts.path or "/", safe="/%:=&~+!$,;'@()*")
    return f"{path}?{quote(parts.query, safe='/%:=&~+!$,;@()*?')}" if parts.query else path


def _ask(parts: SplitResult, port: int, raw: socket.socket) -> http.client.HTTPResponse:
    """Speak HTTP over a socket that is open already, so that no name is resolved a second time."""
    host = str(parts.hostname)
    if parts.scheme == "http":
        connection = http.client.HTTPConnection(host, port)
        connection.sock = raw
    else:
        context = ssl.create_default_context()
        connection = http.client.HTTPSConnection(host, port, context=context)
        connection.sock = context.wrap_socket(raw, server_hostname=host)
    connection.request("GET", _path(parts), headers=_HEADERS)
    return connection.getresponse()


@contextmanager
def _cut_off(connection: socket.socket, deadline: float) -> Iterator[None]:
    """Shut the connection down at the deadline: a time-out a read would let one byte every nine seconds go on."""
    handle = connection.dup()

    def shut() -> None:
        with suppress(OSError):
            handle.shutdown(socket.SHUT_RDWR)

    timer = threading.Timer(max(0.0, deadline - time.monotonic()), shut)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
        handle.close()


@contextmanager
def _network() -> Iterator[None]:
    try:
        yield
    except DomainError:
        raise
    except http.client.BadStatusLine as error:
        if str(error).startswith("ICY"):
            raise EndlessStream("The source is a radio stream; it has no end.") from error
        raise SourceUnreachable("The source does not speak HTTP.") from error
    except (OSError, UnicodeError, http.client.HTTPException) as error:
        raise SourceUnreachable("The source cannot be reached.") from error
