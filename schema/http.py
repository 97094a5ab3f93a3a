"""/graphql/ over HTTP: an ASGI application of its own, beside Django's handler and without its threads."""

from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import orjson
from django.conf import settings
from graphql import OperationType

from backend.database import DatabaseThreads, Overloaded, TookTooLong, threads
from backend.errors import DomainError, NotAuthenticated
from schema.execution import ONE_ANSWER, READ_ONLY, Answer, NotOfThisKind, Operation, context_of, execute, refusal
from schema.http_messages import JSON, BadRequest, Request, operation_of, status_of

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

METHODS = "GET, POST, OPTIONS"
STATUS_OF_ERROR: dict[type[DomainError], int] = {NotAuthenticated: 401, Overloaded: 503, TookTooLong: 503}


@dataclass(frozen=True, slots=True)
class Response:
    """What is sent back."""

    status: int
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Page:
    """What a browser gets that opens the address: from an address to HTML, and the headers to send with it."""

    html: Callable[[str], str]
    headers: Mapping[str, str]


class ClientHasGone(Exception):
    """Nobody waits for the answer."""


class GraphQLApp:
    """The ASGI application; `page` is GraphiQL, or None where browsers get none."""

    def __init__(self, page: Page | None = None, *, max_body_bytes: int, workers: DatabaseThreads = threads) -> None:
        self._page = page
        self._max_body_bytes = max_body_bytes
        self._workers = workers

    async def __call__(self, scope: Mapping[str, Any], receive: Receive, send: Send) -> None:
        """Called by the server for every request."""
        request = Request.of(scope)
        try:
            response = await self._respond(request, receive)
        except BadRequest as error:
            response = _plain_error(error.status, error.message)
        except ClientHasGone:
            return
        opened = _cors_headers(request.headers.get("origin", ""))
        headers = {"content-length": str(len(response.body)), **response.headers, **opened}
        await send(
            {
                "type": "http.response.start",
                "status": response.status,
                "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
            }
        )
        await send({"type": "http.response.body", "body": b"" if request.method == "HEAD" else response.body})

    async def _respond(self, request: Request, receive: Receive) -> Response:
        if request.method == "OPTIONS":
            return Response(204, headers={"allow": METHODS})
        if request.method not in ("GET", "POST"):
            return _plain_error(405, "GraphQL is asked by GET or POST.", {"allow": METHODS})
        if self._page and request.wants_page:
            html = await self._workers.run(partial(self._page.html, request.path))
            return Response(200, html.encode(), self._page.headers)
        media_type = request.media_type()
        operation = operation_of(request, await self._body(receive))
        return await self._executed(request, operation, media_type)

    async def _executed(self, request: Request, operation: Operation, media_type: str) -> Response:
        try:
            answer = await self._workers.run(partial(_answer, request, operation))
        except NotOfThisKind as error:
            return _refused_kind(error.kind)
        except DomainError as error:
            status = STATUS_OF_ERROR.get(type(error), 500)
            return _response(status, refusal(error), media_type, _headers_of(status))
        return _response(status_of(answer, media_type), answer, media_type)

    async def _body(self, receive: Receive) -> bytes:
        """All of it. Raises BadRequest when it is too long."""
        body = bytearray()
        while True:
            message = await receive()
            if message["type"] == "http.disconnect":
                raise ClientHasGone
            body += message.get("body", b"")
            if len(body) > self._max_body_bytes:
                raise BadRequest(413, "The request is too long.")
            if not message.get("more_body"):
                return bytes(body)


def _answer(request: Request, operation: Operation) -> Answer:
    context = context_of(request.headers.get("authorization"), request.headers.get("accept-language", ""))
    return execute(operation, context, READ_ONLY if request.method == "GET" else ONE_ANSWER)


def _response(status: int, answer: Answer, media_type: str, headers: Mapping[str, str] | None = None) -> Response:
    # Numbers beyond 64 bits and keys that are no text cannot occur: the schema's scalars make neither.
    body = orjson.dumps(answer.body())
    return Response(status, body, {"content-type": f"{media_type}; charset=utf-8", **(headers or {})})


def _plain_error(status: int, message: str, headers: Mapping[str, str] | None = None) -> Response:
    body = orjson.dumps({"errors": [{"message": message, "extensions": {"code": "BAD_REQUEST"}}]})
    return Response(status, body, {"content-type": f"{JSON}; charset=utf-8", **(headers or {})})


def _refused_kind(kind: OperationType) -> Response:
    if kind is OperationType.SUBSCRIPTION:
        return _plain_error(400, "Subscriptions go over a websocket at this address, by graphql-transport-ws.")
    return _plain_error(405, "GET is for queries: send mutations by POST.", {"allow": "POST, OPTIONS"})


def _headers_of(status: int) -> dict[str, str]:
    return {401: {"www-authenticate": "Token"}, 503: {"retry-after": "5"}}.get(status, {})


def _cors_headers(origin: str) -> dict[str, str]:
    """Whether a page of another host may read the answer: there are no cookies here that it could misuse."""
    if settings.CORS_ALLOW_ALL_ORIGINS:
        allowed = "*"
    elif origin in settings.CORS_ALLOWED_ORIGINS:
        allowed = origin
    else:
        return {"vary": "Origin"}
    return {
        "access-control-allow-origin": allowed,
        "access-control-allow-methods": METHODS,
        "access-control-allow-headers": "authorization, content-type, accept-language",
        "access-control-max-age": "86400",
        "vary": "Origin",
    }
