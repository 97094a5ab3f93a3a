"""graphql-transport-ws, the server's side: what each message of a client does (PROTOCOL.md of graphql-ws)."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from backend.errors import DomainError, NotAuthenticated
from realtime import sockets
from realtime.sockets import FORBIDDEN, GOING_AWAY, RESTARTING
from realtime.standing import Admitted, Credential
from realtime.wire import Wire
from schema.context import Context
from schema.http_messages import BadRequest, operation_from
from schema.operations import Operation
from schema.reading import Reader

log = logging.getLogger(__name__)

SUBPROTOCOL = "graphql-transport-ws"
INVALID, UNAUTHORIZED, INIT_TIMEOUT, IN_USE, INTRODUCED_TWICE = 4400, 4401, 4408, 4409, 4429
TOO_LONG, FAULT, TRY_AGAIN = 1009, 1011, 1013
INIT_SECONDS = 10.0
MOST_OPERATIONS = 100
# An id comes back with every event.
MOST_ID_CHARACTERS = 255
# A client that has said nothing for so long is asked whether it is there; sockets are looked at every two seconds.
SILENT_SECONDS = 14.0
TOO_MANY = {
    "message": f"{MOST_OPERATIONS} operations of this connection go on; end one first.",
    "extensions": {"code": "TOO_MANY_OPERATIONS"},
}

Fields = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Introduced:
    """Who speaks, by what they were let in, and in which languages they read."""

    admitted: Admitted
    reader: Reader


# From the payload of `connection_init`. Raises NotAuthenticated for those who are not let in.
Introduce = Callable[[Fields], Awaitable[Introduced]]


class Conversation:
    """One open socket; fulfils `realtime.sockets.Socket` and `schema.operations.Host`."""

    __slots__ = ("_context", "_heard_at", "_introduce", "_is_over", "_operations", "_timeout", "credential", "wire")

    def __init__(self, wire: Wire, introduce: Introduce, *, init_seconds: float = INIT_SECONDS) -> None:
        loop = asyncio.get_running_loop()
        self.wire = wire
        self.credential: Credential | None = None
        # Until it is used.
        self._introduce: Introduce | None = introduce
        # Who asks, once that is known.
        self._context: Context | None = None
        self._operations: dict[str, Operation] = {}
        self._is_over = False
        self._heard_at = loop.time()
        self._timeout = loop.call_later(init_seconds, self.close, INIT_TIMEOUT, "Connection initialisation timeout")
        sockets.current().add(self)

    async def hear(self, text: str) -> None:
        """A message. One that is none of the protocol's closes the socket, as the protocol says."""
        self._heard_at = asyncio.get_running_loop().time()
        if self._is_over:
            return
        try:
            message = _message(text)
            match message["type"]:
                case "connection_init":
                    await self._init(_payload(message))
                case "ping":
                    self._pong(message, _payload(message))
                case "pong":
                    _payload(message)
                case "subscribe":
                    self._subscribe(message)
                case "complete":
                    self._complete(_id(message))
                case _:
                    raise BadRequest(INVALID, "This type of message is none that a client sends.")
        except BadRequest as error:
            self.close(INVALID, error.message)
        except Exception:
            log.exception("A message of a websocket could not be taken.")
            self.close(FAULT, "Internal error")

    async def hang_up(self) -> None:
        """The socket is closed; returns when nothing of it goes on."""
        await asyncio.gather(*self._end(), return_exceptions=True)

    def close(self, code: int, reason: str = "") -> None:
        """Say goodbye; nothing more is sent."""
        self._end()
        self.wire.close(code, reason)

    def stay_awake(self, now: float) -> None:
        """See Socket."""
        if now - self._heard_at >= SILENT_SECONDS:
            self._heard_at = now
            self._send({"type": "ping"})

    def drain(self) -> None:
        """See Socket. Clients subscribe again `after` these cursors."""
        cursors = {each.id: str(each.cursor) for each in self._operations.values() if each.cursor is not None}
        if self._context is not None:
            self._send({"type": "ping", "payload": {"draining": True, "cursors": cursors}})
        shared = set(cursors.values())
        self.close(GOING_AWAY, f"{RESTARTING}; after={shared.pop()}" if len(shared) == 1 else RESTARTING)

    def forget(self, operation: Operation) -> None:
        """See Host."""
        self._operations.pop(operation.id, None)

    async def _init(self, payload: Fields) -> None:
        introduce, self._introduce = self._introduce, None
        if introduce is None:
            self.close(INTRODUCED_TWICE, "Too many initialisation requests")
            return
        self._timeout.cancel()
        try:
            introduced = await introduce(payload)
        except NotAuthenticated:
            self.close(FORBIDDEN, "Forbidden")
            return
        except DomainError as error:
            # The database is slow, or too many ask it: that says nothing of who they are.
            self.close(TRY_AGAIN, error.message)
            return
        self.credential = introduced.admitted.credential
        self._context = Context(sockets.current().viewer_of(introduced.admitted), introduced.reader)
        self._send({"type": "connection_ack"})

    def _subscribe(self, message: Fields) -> None:
        if self._context is None:
            self.close(UNAUTHORIZED, "Unauthorized")
            return
        key, asked = _id(message), operation_from(message.get("payload"))
        if key in self._operations:
            self.close(IN_USE, f"Subscriber for {key} already exists")
        elif len(self._operations) >= MOST_OPERATIONS:
            self._send({"id": key, "type": "error", "payload": [TOO_MANY]})
        else:
            operation = self._operations[key] = Operation(key, self)
            operation.start(asked, self._context.again())

    def _complete(self, key: str) -> None:
        # The server's own may have been on its way: what is not known has ended.
        operation = self._operations.pop(key, None)
        if operation is not None:
            operation.stop()

    def _pong(self, message: Fields, payload: Fields) -> None:
        self._send({"type": "pong", "payload": payload} if message.get("payload") is not None else {"type": "pong"})

    def _send(self, message: Fields) -> None:
        if not self._is_over:
            self.wire.send_text(orjson.dumps(message))

    def _end(self) -> list["asyncio.Task[None]"]:
        self._is_over = True
        self._timeout.cancel()
        sockets.current().discard(self)
        operations, self._operations = self._operations, {}
        return [task for each in operations.values() if (task := each.stop()) is not None]


def _message(text: str) -> Fields:
    try:
        message = orjson.loads(text)
    except orjson.JSONDecodeError:
        raise BadRequest(INVALID, "A message is JSON.") from None
    if not isinstance(message, dict) or not isinstance(message.get("type"), str):
        raise BadRequest(INVALID, "A message is a JSON object with a `type`.")
    return message


def _payload(message: Fields) -> Fields:
    """Of messages that need none."""
    payload = message.get("payload")
    if not isinstance(payload, dict | None):
        raise BadRequest(INVALID, "A `payload` is an object.")
    return payload or {}


def _id(message: Fields) -> str:
    key = message.get("id")
    if not isinstance(key, str) or not 0 < len(key) <= MOST_ID_CHARACTERS:
        raise BadRequest(INVALID, f"An operation's `id` is a string of 1 to {MOST_ID_CHARACTERS} characters.")
    return key
