"""/graphql/ over HTTP: an ASGI application of its own, beside Django's handler and without its threads."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from io import BufferedRandom
from typing import Any

from backend.database import DatabaseThreads, Overloaded, threads
from backend.errors import DomainError, NotAuthenticated
from backend.resources.viewer import Viewer
from schema.callers import caller
from schema.context import Context
from schema.event_stream import EventStream
from schema.execution import ONE_ANSWER, READ_ONLY, NotOfThisKind, Operation, execute
from schema.http_bodies import ClientHasGone, Receive, in_a_file, in_memory
from schema.http_events import followed
from schema.http_messages import BadRequest, Request, operation_of, status_of
from schema.http_responses import (
    METHODS,
    Response,
    Send,
    answered_by,
    fault,
    plain_error,
    refused,
    refused_kind,
    send_response,
)
from schema.multipart import operation_with_files
from schema.reading import Reader

# Files are read and made into recordings in threads of their own, so that nobody's query waits for them.
UPLOAD_SECONDS = 120.0
uploads = DatabaseThreads(threads=2, most_jobs=20)


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
            response = plain_error(error.status, error.message)
        except ClientHasGone:
            return
        except Exception as error:
            response = fault(error)
        if isinstance(response, EventStream):
            await response.run(request, receive, send)
        else:
            await send_response(response, request, send)

    async def _respond(self, request: Request, receive: Receive) -> Response | EventStream:
        if request.method == "OPTIONS":
            return Response(204, headers={"allow": METHODS})
        if request.method not in ("GET", "POST"):
            return plain_error(405, "GraphQL is asked by GET or POST.", {"allow": METHODS})
        if self._page and request.wants_page:
            html = await self._workers.run(partial(self._page.html, request.path))
            return Response(200, html.encode(), self._page.headers)
        media_type = request.media_type()
        try:
            if request.is_multipart:
                return await self._uploaded(request, receive, media_type)
            body = await in_memory(receive, most_bytes=self._max_body_bytes)
            return await self._executed(request, operation_of(request, body), media_type)
        except DomainError as error:
            return refused(error, media_type)

    async def _executed(self, request: Request, operation: Operation, media_type: str) -> Response | EventStream:
        if request.takes_events:
            return await followed(request, operation, self._workers)
        return await self._workers.run(partial(_asked, request, operation, media_type))

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
        return refused_kind(error.kind)
    return answered_by(status_of(answer, media_type), answer, media_type)
