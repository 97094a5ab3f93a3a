"""Answers over HTTP: a body at once, and the headers that go with every answer."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field

import orjson
from django.conf import settings
from graphql import GraphQLError, OperationType

from backend.database import Overloaded, TookTooLong
from backend.errors import DomainError, NotAuthenticated
from schema.callers import CsrfFailed
from schema.errors import public
from schema.execution import Answer, refusal
from schema.http_bodies import Message
from schema.http_messages import JSON, Request

Send = Callable[[Message], Awaitable[None]]

METHODS = "GET, POST, OPTIONS"
# What is not named here is the client's mistake.
STATUS_OF_ERROR: dict[type[DomainError], int] = {
    NotAuthenticated: 401,
    CsrfFailed: 403,
    Overloaded: 503,
    TookTooLong: 503,
}
# A longer body goes out in pieces, so that nobody waits for all of it.
PIECE_BYTES = 1 << 18


@dataclass(frozen=True, slots=True)
class Response:
    """What is sent back."""

    status: int
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)


async def send_response(response: Response, request: Request, send: Send) -> None:
    """All of it."""
    opened = cors_headers(request.headers.get("origin", ""))
    headers = {"content-length": str(len(response.body)), "cache-control": "no-store", **response.headers, **opened}
    encoded = [(name.encode(), value.encode()) for name, value in headers.items()]
    await send({"type": "http.response.start", "status": response.status, "headers": encoded})
    body = b"" if request.method == "HEAD" else response.body
    *pieces, last = [body[start : start + PIECE_BYTES] for start in range(0, len(body), PIECE_BYTES)] or [b""]
    for piece in pieces:
        await send({"type": "http.response.body", "body": piece, "more_body": True})
        # A server's `send` may be done at once: let others have their turn.
        await asyncio.sleep(0)
    await send({"type": "http.response.body", "body": last})


def answered_by(status: int, answer: Answer, media_type: str, headers: Mapping[str, str] | None = None) -> Response:
    """The answer to an operation."""
    # Numbers beyond 64 bits and keys that are no text cannot occur: the schema's scalars make neither.
    body = orjson.dumps(answer.body())
    return Response(status, body, {"content-type": f"{media_type}; charset=utf-8", **(headers or {})})


def plain_error(status: int, message: str, headers: Mapping[str, str] | None = None) -> Response:
    """The answer to what is no operation."""
    body = orjson.dumps({"errors": [{"message": message, "extensions": {"code": "BAD_REQUEST"}}]})
    return Response(status, body, {"content-type": f"{JSON}; charset=utf-8", **(headers or {})})


def fault(error: Exception) -> Response:
    """A bug, or a database that is away: its number is all that is told, and what the log has it under."""
    errors = public([GraphQLError("", original_error=error)])
    return answered_by(500, Answer(errors=errors), JSON)


def refused_kind(kind: OperationType) -> Response:
    """The answer to an operation that this method, or this media type, cannot carry."""
    if kind is OperationType.SUBSCRIPTION:
        return plain_error(
            400, "Subscriptions are followed by Accept: text/event-stream, or over a websocket by graphql-transport-ws."
        )
    return plain_error(405, "GET is for queries: send mutations by POST.", {"allow": "POST, OPTIONS"})


def refused(error: DomainError, media_type: str) -> Response:
    """The answer to an operation that was not even looked at."""
    status = STATUS_OF_ERROR.get(type(error), 400)
    return answered_by(status, refusal(error), media_type, _headers_of(status))


def _headers_of(status: int) -> dict[str, str]:
    return {401: {"www-authenticate": "Token"}, 503: {"retry-after": "5"}}.get(status, {})


def cors_headers(origin: str) -> dict[str, str]:
    """Whether a page of another host may read the answer: only what it would get without the browser's cookies."""
    if settings.CORS_ALLOW_ALL_ORIGINS:
        allowed = "*"
    elif origin in settings.CORS_ALLOWED_ORIGINS:
        allowed = origin
    else:
        return {"vary": "Origin"}
    return {
        "access-control-allow-origin": allowed,
        "access-control-allow-methods": METHODS,
        "access-control-allow-headers": "authorization, content-type, accept-language, last-event-id",
        "access-control-max-age": "86400",
        "vary": "Origin",
    }
