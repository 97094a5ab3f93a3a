"""People with sockets, and what they were told by them."""

import asyncio
import itertools
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import orjson
import pytest

from backend import database
from schema.consumers import introduced
from schema.protocol import Conversation

# Told of no log: their cursor is where that stands by chance.
CONFLATED = ("ListenerMoved", "GainsChanged")
DOCUMENTS = {
    "project": """subscription($id: ID!, $after: String) { projectEvents(projectId: $id, after: $after) {
        __typename ... on LiveEvent { cursor } ... on StreamHappening { streamId } ... on AssetHappening { assetId }
        ... on Playing { asset { description } } ... on AssetAdded { asset { description } }
        ... on AssetChanged { asset { description } } ... on Lagged { missed } } }""",
    "assets": """subscription($id: ID!, $after: String) { assetChanges(projectId: $id, after: $after) {
        __typename ... on LiveEvent { cursor } ... on AssetHappening { assetId }
        ... on AssetAdded { asset { description moderationReason } }
        ... on AssetChanged { asset { description moderationReason } } ... on Lagged { missed } } }""",
    "stream": """subscription($id: ID!) { streamEvents(streamId: $id) {
        __typename ... on LiveEvent { cursor } ... on StreamHappening { streamId }
        ... on ListenerMoved { latitude longitude } ... on GainsChanged { gains { gain } }
        ... on Playing { asset { description } } ... on Lagged { missed } } }""",
    "listeners": """subscription($id: ID!) { listeners(projectId: $id, every: 0.2) {
        __typename ... on Listeners { listeners { streamId latitude longitude } }
        ... on ListenerJoined { listener { streamId latitude longitude } } ... on ListenerLeft { streamId } } }""",
}


class Wire:
    """A socket that takes all, and keeps it."""

    def __init__(self) -> None:
        self.messages: list[dict[str, Any]] = []
        self.code: int | None = None

    def send_text(self, data: bytes) -> None:
        self.messages.append(orjson.loads(data))

    def close(self, code: int, reason: str = "") -> None:
        self.code = code

    def unsent_bytes(self) -> int:
        return 0

    def taken_bytes(self) -> int:
        return 0


@dataclass
class Ear:
    """One subscription; `target` is the key of its project or stream."""

    kind: str
    target: Any
    told: list[dict[str, Any]] = field(default_factory=list)
    # Of those who listen, where each is.
    present: dict[str, tuple[float, float]] = field(default_factory=dict)
    is_over: bool = False

    def take(self, payload: dict[str, Any]) -> None:
        """A payload without errors."""
        (told,) = payload["data"].values()
        if self.kind == "listeners":
            self._look(told)
        else:
            self.told.append({**told, "cursor": ""} if told["__typename"] in CONFLATED else told)

    def _look(self, update: dict[str, Any]) -> None:
        shown = update.get("listeners", [update["listener"]] if "listener" in update else [])
        places = {each["streamId"]: (each["latitude"], each["longitude"]) for each in shown}
        self.present = places if update["__typename"] == "ListenersSnapshot" else {**self.present, **places}
        if update["__typename"] == "ListenerLeft":
            self.present.pop(update["streamId"], None)


class Visitor:
    """One of them, with a socket and what they follow by it."""

    def __init__(self, name: str, token: str | None) -> None:
        self.name, self.token = name, token
        self.wire = Wire()
        self.ears: dict[str, Ear] = {}
        self._conversation: Conversation | None = None
        self._keys = map(str, itertools.count())

    @property
    def is_here(self) -> bool:
        return self._conversation is not None

    async def connect(self) -> None:
        self.wire, self.ears = Wire(), {}
        self._conversation = Conversation(self.wire, partial(introduced, {}))
        await self._say(type="connection_init", payload={"authorization": f"Token {self.token}"} if self.token else {})
        assert self.wire.messages == [{"type": "connection_ack"}]
        self.wire.messages = []

    async def follow(self, kind: str, target: Any, **variables: Any) -> Ear:
        """In place of what followed the same before."""
        key, ear = next(self._keys), Ear(kind, target)
        self.ears = {known: each for known, each in self.ears.items() if (each.kind, each.target) != (kind, target)}
        self.ears[key] = ear
        await self._say(id=key, type="subscribe", payload={"query": DOCUMENTS[kind], "variables": variables})
        return ear

    def ear(self, kind: str, target: Any) -> Ear:
        """The one that follows this, or has."""
        return next(each for each in self.ears.values() if (each.kind, each.target) == (kind, target))

    def take(self) -> Iterator[tuple[Ear, dict[str, Any]]]:
        """What has come since, but for what nobody waits for any more."""
        messages, self.wire.messages = self.wire.messages, []
        for message in messages:
            if message.get("id") in self.ears:
                yield self.ears[message["id"]], message

    async def hang_up(self) -> None:
        conversation, self._conversation = self._conversation, None
        if conversation is not None:
            conversation.close(1000)
            await conversation.hang_up()

    async def _say(self, **message: Any) -> None:
        assert self._conversation is not None
        await self._conversation.hear(orjson.dumps(message).decode())


class Idle:
    """Knows what database threads have yet to answer: without it all has been told that will be."""

    def __init__(self) -> None:
        self._open = 0

    @contextmanager
    def watching(self, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
        run = database.threads.run

        async def counted(*arguments: Any, **options: Any) -> Any:
            self._open += 1
            try:
                return await run(*arguments, **options)
            finally:
                self._open -= 1

        with monkeypatch.context() as patch:
            patch.setattr(database.threads, "run", counted)
            yield

    @property
    def is_asking(self) -> bool:
        """Whether a thread has yet to answer."""
        return self._open > 0

    async def wait(self) -> None:
        quiet = 0
        while quiet < 40:
            await asyncio.sleep(0)
            quiet = 0 if self._open else quiet + 1
