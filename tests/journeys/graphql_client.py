"""A frontend's way in: GraphQL over HTTP, and a subscription over graphql-transport-ws."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
from websockets.asyncio.client import connect
from websockets.typing import Subprotocol

from tests.journeys.conftest import DemoServer

FAULT = "... on Error { code message field }"


class GraphQLClient:
    """One device with a token."""

    def __init__(self, server: DemoServer, device_id: str) -> None:
        self._server = server
        self._http = httpx.Client(base_url=server.url, timeout=30)
        self.token = ""
        registered = self.mutate("registerDevice", "token", deviceId=device_id, clientType="test")
        self.token = registered["token"]

    def ask(self, document: str, **variables: Any) -> dict[str, Any]:
        """The data of an answer without errors."""
        headers = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        response = self._http.post("/graphql/", json={"query": document, "variables": variables}, headers=headers)
        assert response.status_code == 200, response.text
        body = response.json()
        assert "errors" not in body, body
        return body["data"]

    def mutate(self, verb: str, selection: str, **fields: Any) -> dict[str, Any]:
        """The payload of a mutation: what was selected of its success, or code, message and field."""
        kind = verb[0].upper() + verb[1:]
        document = (
            f"mutation($input: {kind}Input!) {{ {verb}(input: $input)"
            f" {{ __typename ... on {kind}Success {{ {selection} }} {FAULT} }} }}"
        )
        return self.ask(document, input=fields)[verb]

    @asynccontextmanager
    async def events(self, stream_id: str, selection: str) -> AsyncIterator[AsyncIterator[dict[str, Any]]]:
        """The stream's events while the block runs."""
        async with self.followed("streamEvents", stream_id, f"__typename {selection}") as events:
            yield events

    @asynccontextmanager
    async def followed(self, name: str, stream_id: str, selection: str) -> AsyncIterator[AsyncIterator[dict[str, Any]]]:
        """What a subscription to a stream gives while the block runs."""
        url = self._server.url.replace("http", "ws") + "/graphql/"
        query = f"subscription($id: ID!) {{ {name}(streamId: $id) {{ {selection} }} }}"
        async with connect(url, subprotocols=[Subprotocol("graphql-transport-ws")]) as socket:
            await _say(socket, type="connection_init", payload={"authorization": f"Token {self.token}"})
            assert json.loads(await socket.recv())["type"] == "connection_ack"
            await _say(socket, type="subscribe", id="1", payload={"query": query, "variables": {"id": stream_id}})
            yield _events(socket, name)


async def _say(socket: Any, **message: Any) -> None:
    await socket.send(json.dumps(message))


async def _events(socket: Any, name: str) -> AsyncIterator[dict[str, Any]]:
    async for text in socket:
        message = json.loads(text)
        if message["type"] == "ping":
            await _say(socket, type="pong")
        elif message["type"] == "next":
            yield message["payload"]["data"][name]
        else:
            raise AssertionError(message)
