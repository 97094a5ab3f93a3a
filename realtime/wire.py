"""The way out to one client: messages are written without waiting, and what its socket has not taken is counted."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Protocol

# Where a server that has one puts its wire into the ASGI scope.
WIRE = "earshot.wire"
# Of a close frame's reason, in bytes (RFC 6455, 5.5).
MOST_REASON_BYTES = 123

Send = Callable[[Any], Awaitable[None]]


class Outflow(Protocol):
    """How much of what was written to a connection its socket has taken."""

    def unsent_bytes(self) -> int:
        """What this process still holds."""

    def taken_bytes(self) -> int:
        """What the socket has taken since the connection was made."""


class Wire(Outflow, Protocol):
    """A websocket, to write to; what is written after its end is dropped."""

    def send_text(self, data: bytes) -> None:
        """One text message of UTF-8; never waits."""

    def close(self, code: int, reason: str = "") -> None:
        """Say goodbye after all that was written; never waits."""


class Untaken:
    """Which of the messages that were written to a connection its socket has not taken."""

    __slots__ = ("_ends", "_outflow")

    def __init__(self, outflow: Outflow) -> None:
        self._outflow = outflow
        # Where each ends, in bytes since the connection was made. A deque weighs 600 bytes: most never need it.
        self._ends: deque[int] | None = None

    def wrote(self) -> None:
        """Another message was just written."""
        unsent = self._outflow.unsent_bytes()
        if not unsent:
            self._ends = None
            return
        if self._ends is None:
            self._ends = deque()
        self._ends.append(self._outflow.taken_bytes() + unsent)

    def count(self) -> int:
        """How many have not been taken whole."""
        if self._ends is None:
            return 0
        taken = self._outflow.taken_bytes()
        while self._ends and self._ends[0] <= taken:
            self._ends.popleft()
        return len(self._ends)


def text_head(length: int) -> bytes:
    """What stands before `length` bytes to make them an unmasked text frame, the only one of its message.

    RFC 6455, 5.2.
    """
    if length < 126:
        return bytes((0x81, length))
    if length < 1 << 16:
        return b"\x81\x7e" + length.to_bytes(2, "big")
    return b"\x81\x7f" + length.to_bytes(8, "big")


def reason_that_fits(reason: str) -> str:
    """As much of a close frame's reason as there is room for."""
    return reason.encode()[:MOST_REASON_BYTES].decode(errors="ignore")


def wire_of(scope: Mapping[str, Any], send: Send) -> Wire:
    """The server's own, or one that stands on what every ASGI server has."""
    found: Wire | None = scope.get(WIRE)
    return AsgiWire(send) if found is None else found


class AsgiWire:
    """A websocket by ASGI's `send`, which may wait: then messages wait here."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self._waiting: deque[tuple[int, dict[str, Any]]] = deque()
        self._writer: asyncio.Task[None] | None = None
        self._unsent_bytes = 0
        self._taken_bytes = 0
        self._is_over = False

    def send_text(self, data: bytes) -> None:
        """As `Wire` says."""
        self._add(len(data), {"type": "websocket.send", "text": data.decode()})

    def close(self, code: int, reason: str = "") -> None:
        """As `Wire` says."""
        self._add(0, {"type": "websocket.close", "code": code, "reason": reason_that_fits(reason)})
        self._is_over = True

    def unsent_bytes(self) -> int:
        """As `Outflow` says."""
        return self._unsent_bytes

    def taken_bytes(self) -> int:
        """As `Outflow` says."""
        return self._taken_bytes

    def _add(self, size: int, message: dict[str, Any]) -> None:
        if self._is_over:
            return
        self._waiting.append((size, message))
        self._unsent_bytes += size
        if self._writer is None:
            self._writer = asyncio.create_task(self._write())

    async def _write(self) -> None:
        try:
            while self._waiting:
                size, message = self._waiting[0]
                await self._send(message)
                self._waiting.popleft()
                self._unsent_bytes -= size
                self._taken_bytes += size
        except OSError:
            # ASGI's word for a client who has gone; the server tells the application as well.
            self._is_over = True
            self._waiting.clear()
            self._unsent_bytes = 0
        finally:
            self._writer = None
