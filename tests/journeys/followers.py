"""Those who follow a project's events, and go on where they were when their socket breaks off."""

import asyncio
import contextlib
import json
import socket
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidMessage
from websockets.typing import Subprotocol

RETRY_SECONDS = 0.1
DOCUMENT = """subscription($id: ID!, $after: String) {
  projectEvents(projectId: $id, after: $after) {
    __typename
    ... on LiveEvent { cursor }
    ... on AssetChanged { asset { description } }
    ... on Lagged { missed resync }
  }
}"""


def number_of(cursor: str) -> int:
    """Where in its log it stands."""
    return int(cursor.partition(".")[2])


@dataclass
class Follower:
    """What one has got: the numbers of its events in their order, and each `Lagged` as (missed, resync)."""

    url: str
    project: str
    cursor: str
    numbers: list[int] = field(default_factory=list)
    lags: list[tuple[int | None, str | None]] = field(default_factory=list)
    connections: int = 0

    @property
    def missed(self) -> int:
        """How many it was told that it does not get."""
        return sum(missed or 0 for missed, _ in self.lags)

    async def follow(self, upto: str) -> None:
        """Until it knows of this event, by however many connections."""
        while number_of(self.cursor) < number_of(upto):
            with contextlib.suppress(OSError, ConnectionClosed, InvalidMessage, EOFError):
                async with subscribed(self.url, self.project, self.cursor) as wire:
                    self.connections += 1
                    await self.read(wire, upto)
            await asyncio.sleep(RETRY_SECONDS)

    async def read(self, wire: ClientConnection, upto: str) -> None:
        """As `follow`, by this connection."""
        while number_of(self.cursor) < number_of(upto):
            await self._hear(wire, json.loads(await wire.recv()))

    async def _hear(self, wire: ClientConnection, message: dict[str, Any]) -> None:
        if message["type"] == "ping":
            await wire.send('{"type":"pong"}')
            return
        assert message["type"] == "next", message
        assert "errors" not in message["payload"], message
        event = message["payload"]["data"]["projectEvents"]
        if event["__typename"] == "Lagged":
            self.lags.append((event["missed"], event["resync"]))
        else:
            self.numbers.append(number_of(event["cursor"]))
        self.cursor = event["cursor"]


@contextlib.asynccontextmanager
async def subscribed(
    url: str, project: str, after: str, *, receive_buffer: int | None = None
) -> AsyncIterator[ClientConnection]:
    """A socket that subscribes; with a small buffer a server soon notices that nobody reads."""
    address = urlsplit(url)
    plain = socket.socket()
    if receive_buffer is not None:
        plain.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
    plain.setblocking(False)
    await asyncio.get_running_loop().sock_connect(plain, (address.hostname, address.port))
    async with connect(
        url, sock=plain, subprotocols=[Subprotocol("graphql-transport-ws")], compression=None, max_queue=1
    ) as wire:
        await wire.send('{"type":"connection_init"}')
        assert json.loads(await wire.recv())["type"] == "connection_ack"
        payload = {"query": DOCUMENT, "variables": {"id": project, "after": after}}
        await wire.send(json.dumps({"id": "1", "type": "subscribe", "payload": payload}))
        yield wire
