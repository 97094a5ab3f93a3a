"""/graphql/ over HTTP: an ASGI application of its own, beside Django's handler and without its threads."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from io import BufferedRandom
from typing import Any

import orjson
from django.conf import settings
from graphql import GraphQLError, OperationType

from backend.database import DatabaseThreads, Overloaded, TookTooLong, threads
from backend.errors import DomainError, NotAuthenticated
from backend.resources.viewer import Viewer
from schema.callers import CsrfFailed, caller
from schema.context import Context
from schema.errors import public
from schema.execution import ONE_ANSWER, READ_ONLY, Answer, NotOfThisKind, Operation, execute, refusal
from schema.http_bodies import ClientHasGone, Message, Receive, in_a_file, in_memory
from schema.http_messages import JSON, BadRequest, Request, operation_of, status_of
from schema.multipart import operation_with_files
from schema.reading import Reader

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
# Files are read and made into recordings in threads of their own, so that nobody's query waits for them.
UPLOAD_SECONDS = 120.0
uploads = DatabaseThreads(threads=2, most_jobs=20)


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


class GraphQLApp:
    """The ASGI application; `page` is GraphiQL, or None where browsers get none."""

    def __init__(
        self,
        page: Page | None = None,
        *,
        max_body_bytes: int,
        max_upload_body_bytes: int = 0,
        workers: DatabaseThreads = threads,
    ) -> None:
        self._page = page
        self._max_body_bytes = max_body_bytes
        self._max_upload_body_bytes = max_upload_body_bytes
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
        except Exception as error:
            response = _fault(error)
        await _send(response, request, send)

    async def _respond(self, request: Request, receive: Receive) -> Response:
        if request.method == "OPTIONS":
            return Response(204, headers={"allow": METHODS})
        if request.method not in ("GET", "POST"):
            return _plain_error(405, "GraphQL is asked by GET or POST.", {"allow": METHODS})
        if self._page and request.wants_page:
            html = await self._workers.run(partial(self._page.html, request.path))
            return Response(200, html.encode(), self._page.headers)
        media_type = request.media_type()
        try:
            if request.is_multipart:
                return await self._uploaded(request, receive, media_type)
            body = await in_memory(receive, most_bytes=self._max_body_bytes)
            operation = operation_of(request, body)
            return await self._workers.run(partial(_asked, request, operation, media_type))
        except DomainError as error:
            status = STATUS_OF_ERROR.get(type(error), 400)
            return _response(status, refusal(error), media_type, _headers_of(status))

    async def _uploaded(self, request: Request, receive: Receive, media_type: str) -> Response:
        # Asked before the body is read: a stranger may not fill the disk.
        viewer = await self._workers.run(partial(caller, request))
        if viewer.id is None:
            raise NotAuthenticated("Files are taken from those who have a token.")
        body = await in_a_file(receive, most_bytes=self._max_upload_body_bytes)
        try:
            work = partial(_handed_in, request, body, viewer, media_type)
            return await uploads.run(work, deadline_seconds=UPLOAD_SECONDS)
        except Overloaded:
            body.close()
            raise


# The next three run in threads that may use the database; the answer is made into bytes there, too.


def _asked(request: Request, operation: Operation, media_type: str) -> Response:
    return _answered(request, operation, caller(request), media_type)


def _handed_in(request: Request, body: BufferedRandom, viewer: Viewer, media_type: str) -> Response:
    with body, operation_with_files(request, body) as operation:
        return _answered(request, operation, viewer, media_type)


def _answered(request: Request, operation: Operation, viewer: Viewer, media_type: str) -> Response:
    context = Context(viewer, Reader(request.headers.get("accept-language", "")))
    try:
        answer = execute(operation, context, READ_ONLY if request.method == "GET" else ONE_ANSWER)
    except NotOfThisKind as error:
        return _refused_kind(error.kind)
    return _response(status_of(answer, media_type), answer, media_type)


async def _send(response: Response, request: Request, send: Send) -> None:
    opened = _cors_headers(request.headers.get("origin", ""))
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


def _response(status: int, answer: Answer, media_type: str, headers: Mapping[str, str] | None = None) -> Response:
    # Numbers beyond 64 bits and keys that are no text cannot occur: the schema's scalars make neither.
    body = orjson.dumps(answer.body())
    return Response(status, body, {"content-type": f"{media_type}; charset=utf-8", **(headers or {})})


def _plain_error(status: int, message: str, headers: Mapping[str, str] | None = None) -> Response:
    body = orjson.dumps({"errors": [{"message": message, "extensions": {"code": "BAD_REQUEST"}}]})
    return Response(status, body, {"content-type": f"{JSON}; charset=utf-8", **(headers or {})})


def _fault(error: Exception) -> Response:
    """A bug, or a database that is away: its number is all that is told, and what the log has it under."""
    errors = public([GraphQLError("", original_error=error)])
    return _response(500, Answer(errors=errors), JSON)


def _refused_kind(kind: OperationType) -> Response:
    if kind is OperationType.SUBSCRIPTION:
        return _plain_error(400, "Subscriptions go over a websocket at this address, by graphql-transport-ws.")
    return _plain_error(405, "GET is for queries: send mutations by POST.", {"allow": "POST, OPTIONS"})


def _headers_of(status: int) -> dict[str, str]:
    return {401: {"www-authenticate": "Token"}, 503: {"retry-after": "5"}}.get(status, {})


def _cors_headers(origin: str) -> dict[str, str]:
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
        "access-control-allow-headers": "authorization, content-type, accept-language",
        "access-control-max-age": "86400",
        "vary": "Origin",
    }
