"""/graphql/ over websockets: a consumer of Channels that speaks graphql-transport-ws."""

from functools import partial
from typing import Any

from channels.exceptions import StopConsumer
from channels.generic.websocket import AsyncWebsocketConsumer

from backend.database import threads
from realtime import mix_plans
from realtime.wire import wire_of
from schema.callers import socket_caller
from schema.protocol import INIT_SECONDS, INVALID, SUBPROTOCOL, TOO_LONG, Conversation, Fields, Introduced
from schema.reading import Reader

# The protocol's predecessor: it tells clients nothing of why they are turned away.
LEGACY_SUBPROTOCOL = "graphql-ws"
NOT_ACCEPTABLE = 4406


class GraphQLSocket(AsyncWebsocketConsumer):  # type: ignore[misc]  # Channels has no types
    """One connection."""

    def __init__(self, *, max_message_bytes: int, init_seconds: float) -> None:
        super().__init__()
        self._max_message_bytes = max_message_bytes
        self._init_seconds = init_seconds
        self._conversation: Conversation | None = None

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Called by the server; however it ends, nothing of it goes on."""
        try:
            await super().__call__(scope, receive, send)
        finally:
            if self._conversation is not None:
                await self._conversation.hang_up()

    async def connect(self) -> None:
        """Called by Channels with the handshake."""
        offered = self.scope["subprotocols"]
        if SUBPROTOCOL in offered:
            await self.accept(subprotocol=SUBPROTOCOL)
            wire = wire_of(self.scope, self.base_send)
            self._conversation = Conversation(
                wire, partial(introduced, self._headers()), init_seconds=self._init_seconds
            )
        elif LEGACY_SUBPROTOCOL in offered:
            await self.close()
        else:
            # A browser tells its page of a code, and of nothing that happens before.
            await self.accept()
            await self.close(NOT_ACCEPTABLE, "Subprotocol not acceptable")

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        """Called by Channels with every message."""
        if self._conversation is None:
            return
        if text_data is None:
            self._conversation.close(INVALID, "A message is text.")
        elif len(text_data) > self._max_message_bytes:
            self._conversation.close(TOO_LONG, "Message too long")
        else:
            await self._conversation.hear(text_data)

    async def dispatch(self, message: dict[str, Any]) -> None:
        """Called by Channels. Its own goes by way of a thread each time, for connections that are none of ours."""
        match message["type"]:
            case "websocket.connect":
                await self.connect()
            case "websocket.receive":
                await self.receive(message.get("text"), message.get("bytes"))
            case "websocket.disconnect":
                raise StopConsumer

    def _headers(self) -> dict[str, str]:
        return {name.decode("latin1").lower(): value.decode("latin1") for name, value in self.scope["headers"]}


async def introduced(headers: Fields, payload: Fields) -> Introduced:
    """Who speaks: by the payload's `authorization`, by the handshake's header, or by one of our pages' cookie.

    Raises NotAuthenticated.
    """
    given = payload.get("authorization") or payload.get("Authorization") or headers.get("authorization")
    admitted = await threads.run(partial(socket_caller, headers, str(given) if given else None))
    return Introduced(admitted, Reader(str(payload.get("acceptLanguage") or headers.get("accept-language", ""))))


def socket_app(*, max_message_bytes: int, init_seconds: float = INIT_SECONDS) -> Any:
    """The ASGI application for websockets; from now on this process hears what the streams will sound."""
    mix_plans.current()
    return GraphQLSocket.as_asgi(max_message_bytes=max_message_bytes, init_seconds=init_seconds)
