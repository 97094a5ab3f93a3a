"""Subscribers in a process of their own, that cost little: the same for every server of a fan-out."""

import asyncio
import contextlib
import json
import multiprocessing
import time
from array import array
from collections.abc import Sequence
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from socket import SO_RCVBUF, SOL_SOCKET
from typing import Any, cast
from urllib.parse import urlsplit

import numpy as np
import uvloop
from numpy.typing import NDArray

from bench.deaf import RECEIVE_BUFFER_BYTES

SUBPROTOCOL = "graphql-transport-ws"
DOCUMENT = """subscription($id: ID!) {
  projectEvents(projectId: $id) {
    __typename
    ... on LiveEvent { cursor happenedAt }
    ... on AssetChanged { assetId asset { id description latitude longitude submitted } }
    ... on Lagged { missed resync }
  }
}"""
TEXT, CLOSE, PING, PONG = 0x1, 0x8, 0x9, 0xA
# Every cursor is eight digits of its epoch, a point, and the number of the event.
CURSOR, EPOCH_BYTES = b'"cursor":"', 9
NEXT, PINGED, LAGGED = b'"next"', b'"ping"', b'"missed":'
# More handshakes at once would not fit into a server's queue.
AT_ONCE = 50
PATIENCE_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Wanted:
    """Who shall connect: a token for each, or None for somebody unknown; the last `deaf` of them never read."""

    url: str
    project: str
    tokens: Sequence[str | None]
    deaf: int = 0


@dataclass(frozen=True, slots=True)
class Arrivals:
    """What came: which events, to whom, and when (monotonic seconds); how many `Lagged`; and the last message."""

    numbers: NDArray[np.int64]
    subscribers: NDArray[np.int64]
    times: NDArray[np.float64]
    lagged: int
    sample: bytes


class Subscribers:
    """That process, from here. All are connected when this is made; whether they have subscribed, events tell."""

    def __init__(self, wanted: Wanted) -> None:
        context = multiprocessing.get_context("spawn")
        self._pipe, theirs = context.Pipe()
        self._process = context.Process(target=_live, args=(theirs, wanted), daemon=True)
        self._process.start()
        theirs.close()
        self._asked()

    def take(self) -> Arrivals:
        """What has come since it was taken last."""
        self._pipe.send("take")
        return cast(Arrivals, self._asked())

    def count(self) -> int:
        """How much has come since it was taken last."""
        self._pipe.send("count")
        return int(self._asked())

    def leave(self) -> None:
        """All hang up, without a word."""
        self._process.terminate()
        self._process.join()

    def _asked(self) -> Any:
        if not self._pipe.poll(PATIENCE_SECONDS):
            raise RuntimeError("the subscribers do not answer")
        return self._pipe.recv()


@dataclass(slots=True)
class _Book:
    numbers: "array[int]" = field(default_factory=lambda: array("q"))
    subscribers: "array[int]" = field(default_factory=lambda: array("q"))
    times: "array[float]" = field(default_factory=lambda: array("d"))
    lagged: int = 0
    sample: bytes = b""

    def arrivals(self) -> Arrivals:
        return Arrivals(
            np.array(self.numbers, np.int64),
            np.array(self.subscribers, np.int64),
            np.array(self.times),
            self.lagged,
            self.sample,
        )

    def clear(self) -> None:
        del self.numbers[:], self.subscribers[:], self.times[:]
        self.lagged, self.sample = 0, b""


class _Subscriber(asyncio.Protocol):
    """A websocket with no more than this needs: what a server sends is one frame a message."""

    def __init__(self, number: int, wanted: Wanted, book: _Book) -> None:
        self._number = number
        self._wanted = wanted
        self._book = book
        self._rest = b""
        self._is_deaf = number >= len(wanted.tokens) - wanted.deaf
        self.subscribed = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Called by asyncio."""
        self._transport = cast(asyncio.Transport, transport)
        at = urlsplit(self._wanted.url)
        self._transport.write(
            f"GET {at.path} HTTP/1.1\r\nHost: {at.netloc}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n"
            f"Sec-WebSocket-Protocol: {SUBPROTOCOL}\r\n\r\n".encode()
        )
        self._hear = self._hear_answer

    def data_received(self, data: bytes) -> None:
        """Called by asyncio."""
        self._rest = self._hear(self._rest + data if self._rest else data, time.monotonic())

    def connection_lost(self, reason: Exception | None) -> None:
        """Called by asyncio."""
        if not self.subscribed.done():
            self.subscribed.set_exception(RuntimeError(f"a subscriber was turned away: {reason or self._rest[:200]!r}"))

    def _hear_answer(self, data: bytes, now: float) -> bytes:
        head, found, rest = data.partition(b"\r\n\r\n")
        if not found:
            return data
        if b" 101 " not in head[:20]:
            raise RuntimeError(f"a subscriber was turned away: {head!r}")
        token = self._wanted.tokens[self._number]
        self._say({"type": "connection_init", "payload": {"authorization": f"Token {token}"} if token else {}})
        self._hear = self._hear_frames
        return self._hear_frames(rest, now)

    def _hear_frames(self, data: bytes, now: float) -> bytes:
        at, end = 0, len(data)
        while end - at >= 2:
            start, length = at + 2, data[at + 1]
            if length == 126:
                start, length = at + 4, int.from_bytes(data[at + 2 : at + 4], "big")
            elif length == 127:
                start, length = at + 10, int.from_bytes(data[at + 2 : at + 10], "big")
            if end - start < length:
                break
            self._take(data[at] & 0xF, data, start, start + length, now)
            at = start + length
        return data[at:]

    def _take(self, kind: int, data: bytes, start: int, end: int, now: float) -> None:
        if kind == PING:
            self._transport.write(_frame(PONG, data[start:end]))
        elif kind == TEXT and data.find(NEXT, start, end) >= 0:
            self._note(data, start, end, now)
        elif kind == TEXT and data.find(PINGED, start, end) >= 0:
            self._say({"type": "pong"})
        elif kind == CLOSE and self.subscribed.done():
            self._transport.close()
        elif not self.subscribed.done():
            self._subscribe()
        else:
            raise RuntimeError(f"a subscriber was told {data[start:end]!r}")

    def _note(self, data: bytes, start: int, end: int, now: float) -> None:
        book = self._book
        if data.find(LAGGED, start, end) >= 0:
            book.lagged += 1
            return
        digits = data.find(CURSOR, start, end) + len(CURSOR) + EPOCH_BYTES
        book.numbers.append(int(data[digits : data.index(b'"', digits)]))
        book.subscribers.append(self._number)
        book.times.append(now)
        book.sample = data[start:end]

    def _subscribe(self) -> None:
        payload = {"query": DOCUMENT, "variables": {"id": self._wanted.project}}
        self._say({"id": "1", "type": "subscribe", "payload": payload})
        self.subscribed.set_result(None)
        if self._is_deaf:
            self._transport.get_extra_info("socket").setsockopt(SOL_SOCKET, SO_RCVBUF, RECEIVE_BUFFER_BYTES)
            self._transport.pause_reading()

    def _say(self, message: dict[str, Any]) -> None:
        self._transport.write(_frame(TEXT, json.dumps(message).encode()))


def _frame(kind: int, payload: bytes) -> bytes:
    """Masked by nothing, which is a mask too."""
    length = len(payload)
    size = bytes([0x80 | length]) if length < 126 else b"\xfe" + length.to_bytes(2, "big")
    return bytes([0x80 | kind]) + size + bytes(4) + payload


def _live(pipe: Connection, wanted: Wanted) -> None:
    uvloop.run(_serve(pipe, wanted))


async def _serve(pipe: Connection, wanted: Wanted) -> None:
    loop, book, places = asyncio.get_running_loop(), _Book(), asyncio.Semaphore(AT_ONCE)
    at = urlsplit(wanted.url)

    async def connect(number: int) -> None:
        async with places:
            _, one = await loop.create_connection(lambda: _Subscriber(number, wanted, book), at.hostname, at.port)
            await one.subscribed

    await asyncio.gather(*map(connect, range(len(wanted.tokens))))
    pipe.send("connected")

    with contextlib.suppress(EOFError):
        # uvloop makes what it watches non-blocking, which a pipe of messages is not made for.
        while asked := await loop.run_in_executor(None, pipe.recv):
            if asked == "count":
                pipe.send(len(book.numbers))
            else:
                pipe.send(book.arrivals())
                book.clear()
