"""What a fan-out is held against, each in a process of its own: `websockets` on asyncio, and bare ASGI on Daphne."""

import asyncio
import importlib
import multiprocessing
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection
from typing import Any

from bench.rig import free_port, wait_until_answering
from bench.subscribers import SUBPROTOCOL

ACKNOWLEDGED = '{"type":"connection_ack"}'


class Peer:
    """A server that sends what it is given to all who are connected."""

    def __init__(self, pid: int, url: str, pipe: Connection) -> None:
        self.pid = pid
        self.url = url
        self._pipe = pipe

    def tell(self, message: bytes) -> float:
        """Gives the monotonic time at which the server began to send it."""
        self._pipe.send_bytes(message)
        began_at: float = self._pipe.recv()
        return began_at


@contextmanager
def running_peer(serve: Callable[[Connection, int], None]) -> Iterator[Peer]:
    """One of those below, as long as the block runs."""
    context, port = multiprocessing.get_context("spawn"), free_port()
    ours, theirs = context.Pipe()
    process = context.Process(target=serve, args=(theirs, port), daemon=True)
    process.start()
    try:
        wait_until_answering(f"http://127.0.0.1:{port}/")
        yield Peer(process.pid or 0, f"ws://127.0.0.1:{port}/", ours)
    finally:
        process.terminate()
        process.join()


def raw(pipe: Connection, port: int) -> None:
    """`websockets.broadcast` on asyncio, without compression."""
    asyncio.run(_raw(pipe, port))


async def _raw(pipe: Connection, port: int) -> None:
    from websockets.asyncio.server import ServerConnection, broadcast, serve
    from websockets.typing import Subprotocol

    async def acknowledge(socket: ServerConnection) -> None:
        async for message in socket:
            if "connection_init" in message:
                await socket.send(ACKNOWLEDGED)

    async with serve(
        acknowledge, "127.0.0.1", port, compression=None, subprotocols=[Subprotocol(SUBPROTOCOL)]
    ) as server:

        def tell() -> None:
            message = pipe.recv_bytes()
            pipe.send(time.monotonic())
            broadcast(server.connections, message, text=True)

        asyncio.get_running_loop().add_reader(pipe.fileno(), tell)
        await server.serve_forever()


def daphne(pipe: Connection, port: int) -> None:
    """The smallest ASGI application that does the same, on Daphne as it comes."""
    server = importlib.import_module("daphne.server")
    everybody = _Everybody(pipe)
    server.Server(
        everybody,
        endpoints=[f"tcp:port={port}:interface=127.0.0.1"],
        ready_callable=everybody.listen,
        verbosity=0,
    ).run()


class _Everybody:
    def __init__(self, pipe: Connection) -> None:
        self._pipe = pipe
        self._sends: list[Any] = []
        self._telling: set[asyncio.Task[None]] = set()

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "websocket":
            await send({"type": "http.response.start", "status": 404, "headers": []})
            await send({"type": "http.response.body", "body": b""})
            return
        await send({"type": "websocket.accept", "subprotocol": SUBPROTOCOL})
        self._sends.append(send)
        while (message := await receive())["type"] != "websocket.disconnect":
            if "connection_init" in (message.get("text") or ""):
                await send({"type": "websocket.send", "text": ACKNOWLEDGED})
        self._sends.remove(send)

    def listen(self) -> None:
        asyncio.get_event_loop().add_reader(self._pipe.fileno(), self._begin)

    def _begin(self) -> None:
        message = self._pipe.recv_bytes().decode()
        self._pipe.send(time.monotonic())
        task = asyncio.ensure_future(self._tell(message))
        self._telling.add(task)
        task.add_done_callback(self._telling.discard)

    async def _tell(self, message: str) -> None:
        for send in list(self._sends):
            await send({"type": "websocket.send", "text": message})
