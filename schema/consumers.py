"""/graphql/ over websockets: graphql-transport-ws on Channels."""

import datetime as dt
import logging
from functools import partial
from typing import Any, cast

import orjson
from django.conf import settings
from graphql import GraphQLError, OperationType
from strawberry.channels import GraphQLWSConsumer
from strawberry.exceptions import ConnectionRejectionError
from strawberry.subscriptions import GRAPHQL_TRANSPORT_WS_PROTOCOL
from strawberry.subscriptions.protocols.graphql_transport_ws.handlers import BaseGraphQLTransportWSHandler, Operation
from strawberry.subscriptions.protocols.graphql_transport_ws.types import Message
from strawberry.types import ExecutionResult
from strawberry.types.execution import PreExecutionError
from strawberry.types.unset import UnsetType
from strawberry.utils.aio import aclosing

from backend.database import threads
from backend.errors import DomainError
from realtime import feeds, mix_plans
from schema import execution
from schema.callers import public_origin, socket_caller
from schema.context import Context
from schema.documents import Refused
from schema.errors import public
from schema.http_messages import BadRequest, operation_from
from schema.reading import Reader
from schema.root import schema

log = logging.getLogger(__name__)

INIT_TIMEOUT = dt.timedelta(seconds=10)
MOST_OPERATIONS = 100
CODE_TOO_LONG = 1009


class Handler(BaseGraphQLTransportWSHandler[Context, None]):
    """Strawberry's, but an operation that is wrong fails alone, and database work stays off the event loop."""

    async def handle_message(self, message: Any) -> None:
        """Called for every message. One that is none of the protocol closes the socket, as the protocol says."""
        try:
            await super().handle_message(_checked(message))
        except BadRequest as error:
            await self.handle_invalid_message(error.message)

    async def run_operation(self, operation: Operation[Context, None]) -> None:
        """Called in a task of its own for every `subscribe`."""
        context = Context(self.context.viewer, self.context.reader.fresh())
        try:
            asked = cast(execution.Operation, operation.variables)
            ready = await threads.run(partial(execution.approved, asked, context.viewer))
            if ready.kind is OperationType.SUBSCRIPTION:
                await self._follow(operation, ready, context)
            else:
                await self._answer(operation, await threads.run(partial(execution.answer, ready, context)))
            await operation.send_operation_message({"id": operation.id, "type": "complete"})
        except Refused as refused:
            await operation.send_initial_errors(list(refused.errors))
        except DomainError as error:
            await operation.send_initial_errors(list(execution.refusal(error).errors))
        except Exception as error:
            await operation.send_initial_errors(public([GraphQLError("", original_error=error)]))

    async def _answer(self, operation: Operation[Context, None], answer: execution.Answer) -> None:
        if answer.was_executed:
            await operation.send_next(
                ExecutionResult(answer.data, list(answer.errors) or None, extensions=dict(answer.extensions))
            )
        else:
            await operation.send_initial_errors(list(answer.errors))

    async def _follow(self, operation: Operation[Context, None], ready: execution.Approved, context: Context) -> None:
        results = await schema.subscribe(ready.text, ready.variables, context, operation_name=ready.operation_name)
        async with aclosing(results):
            async for result in results:
                errors = public(result.errors or ())
                if isinstance(result, PreExecutionError):
                    await operation.send_initial_errors(errors)
                else:
                    await operation.send_next(ExecutionResult(result.data, errors or None))


def _checked(message: Any) -> Message:
    """A message of the protocol. Raises BadRequest."""
    if not isinstance(message, dict):
        raise BadRequest(400, "A message is a JSON object.")
    if message.get("type") == "subscribe":
        if not isinstance(message.get("id"), str):
            raise BadRequest(400, "An operation's id is a string.")
        # Strawberry hands on what it knows of a payload; the whole operation goes as its variables.
        asked = operation_from(message.get("payload"))
        message = {**message, "payload": {"query": asked.query, "variables": asked}}
    return cast(Message, message)


class GraphQLSocket(GraphQLWSConsumer[Context, None]):
    """One connection."""

    graphql_transport_ws_handler_class = Handler

    def __init__(self, *, max_message_bytes: int) -> None:
        self._max_message_bytes = max_message_bytes
        super().__init__(
            schema,
            subscription_protocols=(GRAPHQL_TRANSPORT_WS_PROTOCOL,),
            connection_init_wait_timeout=INIT_TIMEOUT,
            max_subscriptions_per_connection=MOST_OPERATIONS,
            allowed_origins=_allowed_origins(),
        )

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        """Called by Channels for every message."""
        if text_data is not None and len(text_data) > self._max_message_bytes:
            await self.close(code=CODE_TOO_LONG, reason="Message too long")
            return
        await super().receive(text_data, bytes_data)

    async def get_context(self, request: Any, response: Any) -> Context:
        """Nobody, until connection_init says who it is."""
        return Context()

    async def on_ws_connect(self, context: Context) -> UnsetType:
        """Called with connection_init; its payload's `authorization`, or the handshake's header, says who it is."""
        headers = self.get_websocket_headers(self)
        payload = context.connection_params or {}
        given = payload.get("authorization") or payload.get("Authorization") or headers.get("authorization")
        try:
            context.viewer = await threads.run(partial(socket_caller, headers, str(given) if given else None))
        except DomainError as error:
            raise ConnectionRejectionError from error
        context.reader = Reader(str(payload.get("acceptLanguage") or headers.get("accept-language", "")))
        return UnsetType()

    def decode_json(self, data: str | bytes) -> object:
        """Called with every message; its JSON is HTTP's: no NaN, and not nested without end."""
        return orjson.loads(data)

    def encode_json(self, data: object) -> str:
        """Called with every answer."""
        return orjson.dumps(data).decode()


def _allowed_origins() -> tuple[str, ...]:
    """Beside those of the same host, which always may."""
    if settings.CORS_ALLOW_ALL_ORIGINS:
        return ("*",)
    return (public_origin(), *settings.CORS_ALLOWED_ORIGINS)


def socket_app(*, max_message_bytes: int) -> Any:
    """The ASGI application for websockets; from now on this process hears what the streams do."""
    feeds.current()
    mix_plans.current()
    return GraphQLSocket.as_asgi(max_message_bytes=max_message_bytes)
