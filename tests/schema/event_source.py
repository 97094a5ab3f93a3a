"""A client of server-sent events, and the server in between, as a test holds them."""

import asyncio
from contextlib import asynccontextmanager
from urllib.parse import urlencode

import orjson

from realtime.wire import WIRE
from schema.http import GraphQLApp

MAX_BODY_BYTES = 10_000


class Answer:
    """One HTTP answer, piece by piece."""

    def __init__(self):
        self.status = None
        self.headers = {}
        self.is_complete = False
        self._pieces = asyncio.Queue()
        self._text = ""
        self.may_write = asyncio.Event()
        self.may_write.set()

    async def take(self, message):
        await self.may_write.wait()
        if message["type"] == "http.response.start":
            self.status = message["status"]
            self.headers = {name.decode(): value.decode() for name, value in message["headers"]}
            return
        self.is_complete = not message.get("more_body", False)
        await self._pieces.put(message.get("body", b"").decode())
        if self.is_complete:
            await self._pieces.put(None)

    async def block(self):
        """The next lines up to an empty one; None after the last."""
        while "\n\n" not in self._text:
            piece = await asyncio.wait_for(self._pieces.get(), 5)
            if piece is None:
                return None
            self._text += piece
        block, _, self._text = self._text.partition("\n\n")
        return block

    async def event(self):
        """The next event as its fields, `data` as what its JSON says; comments are passed over."""
        while (block := await self.block()) is not None:
            if not block.startswith(":"):
                fields = dict(line.split(":", 1) for line in block.split("\n"))
                fields = {name: value.removeprefix(" ") for name, value in fields.items()}
                return {**fields, "data": orjson.loads(fields["data"]) if fields["data"] else None}
        return None

    async def body(self):
        """All of it, as JSON."""
        while (piece := await asyncio.wait_for(self._pieces.get(), 5)) is not None:
            self._text += piece
        return orjson.loads(self._text)

    async def silent(self, seconds=0.05):
        """Whether nothing comes."""
        await asyncio.sleep(seconds)
        return self._pieces.empty() and not self._text


class Outflow:
    """What the server says of its connection."""

    def __init__(self):
        self.unsent = self.taken = 0

    def unsent_bytes(self):
        return self.unsent

    def taken_bytes(self):
        return self.taken


@asynccontextmanager
async def asked(query, *, method="POST", outflow=None, name=None, variables=None, app=None, **headers):
    """An answer that is being given; the client goes at the end of the block."""
    fields = {"query": query, "operationName": name, "variables": variables or {}}
    address = urlencode({"query": query, "variables": orjson.dumps(variables or {}).decode()})
    body = orjson.dumps(fields) if method == "POST" else b""
    headers = {"host": "testserver", "accept": "text/event-stream", "content-type": "application/json", **headers}
    scope = {
        "type": "http",
        "method": method,
        "path": "/graphql/",
        "scheme": "http",
        "query_string": address.encode() if method == "GET" else b"",
        "headers": [(key.replace("_", "-").encode(), value.encode()) for key, value in headers.items() if value],
        **({WIRE: outflow} if outflow else {}),
    }
    answer, messages = Answer(), asyncio.Queue()
    messages.put_nowait({"type": "http.request", "body": body})
    app = app or GraphQLApp(max_body_bytes=MAX_BODY_BYTES)
    task = asyncio.create_task(app(scope, messages.get, answer.take))
    answer.task = task
    try:
        yield answer
    finally:
        messages.put_nowait({"type": "http.disconnect"})
        answer.may_write.set()
        await asyncio.wait_for(task, 5)
