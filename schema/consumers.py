"""/graphql/ over websockets: graphql-transport-ws on Channels."""

import datetime as dt
import logging
from functools import partial
from typing import Any, cast
from urllib.parse import urlsplit

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
from realtime import feeds
from schema import execution
from schema.context import Context
from schema.documents import Refused
from schema.errors import public
from schema.root import schema

log = logging.getLogger(__name__)

INIT_TIMEOUT = dt.timedelta(seconds=10)
MOST_OPERATIONS = 100
CODE_TOO_LONG = 1009


class Handler(BaseGraphQLTransportWSHandler[Context, None]):
    """Strawberry's, but an operation that is wrong fails alone, and database work stays off the event loop."""

    async def handle_message(self, message: Any) -> None:
        """Called for every message. One that is none of the protocol closes the socket, as the protocol says."""
        if not isinstance(message, dict) or (message.get("type") == "subscribe" and not _is_subscribe(message)):
            await self.handle_invalid_message("Failed to parse message")
            return
        await super().handle_message(cast(Message, message))

    async def run_operation(self, operation: Operation[Context, None]) -> None:
        """Called in a task of its own for every `subscribe`."""
        asked = execution.Operation(operation.query, operation.variables or {}, operation.operation_name)
        context = Context(self.context.viewer, self.context.reader.fresh())
        try:
            if await threads.run(partial(execution.kind_of_operation, asked)) is OperationType.SUBSCRIPTION:
                await self._follow(operation, asked, context)
            else:
                await self._answer(operation, await threads.run(partial(execution.execute, asked, context)))
            await operation.send_operation_message({"id": operation.id, "type": "complete"})
        except Refused as refused:
            await operation.send_initial_errors(list(refused.errors))
        except DomainError as error:
            await operation.send_initial_errors(list(execution.refusal(error).errors))
        except Exception as error:
            await operation.send_initial_errors(public([GraphQLError("", original_error=error)]))

    async def _answer(self, operation: Operation[Context, None], answer: execution.Answer) -> None:
        if answer.was_executed:
            await operation.send_next(ExecutionResult(answer.data, list(answer.errors) or None))
        else:
            await operation.send_initial_errors(list(answer.errors))

    async def _follow(self, operation: Operation[Context, None], asked: execution.Operation, context: Context) -> None:
        results = await schema.subscribe(asked.query, asked.variables, context, operation_name=asked.operation_name)
        async with aclosing(results):
            async for result in results:
                errors = public(result.errors or ())
                if isinstance(result, PreExecutionError):
                    await operation.send_initial_errors(errors)
                else:
                    await operation.send_next(ExecutionResult(result.data, errors or None))


def _is_subscribe(message: dict[str, Any]) -> bool:
    payload = message.get("payload")
    return (
        isinstance(message.get("id"), str)
        and isinstance(payload, dict)
        and isinstance(payload.get("query"), str)
        and isinstance(payload.get("variables"), dict | None)
        and isinstance(payload.get("operationName"), str | None)
    )


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
        language = str(payload.get("acceptLanguage") or headers.get("accept-language", ""))
        try:
            found = await threads.run(partial(execution.context_of, str(given) if given else None, language))
        except DomainError as error:
            raise ConnectionRejectionError from error
        context.viewer, context.reader = found.viewer, found.reader
        return UnsetType()


def _allowed_origins() -> tuple[str, ...]:
    """Beside those of the same host, which always may."""
    if settings.CORS_ALLOW_ALL_ORIGINS:
        return ("*",)
    public_url = urlsplit(settings.PUBLIC_URL)
    return (f"{public_url.scheme}://{public_url.netloc}", *settings.CORS_ALLOWED_ORIGINS)


def socket_app(*, max_message_bytes: int) -> Any:
    """The ASGI application for websockets; from now on this process hears what the streams do."""
    feeds.current()
    return GraphQLSocket.as_asgi(max_message_bytes=max_message_bytes)
