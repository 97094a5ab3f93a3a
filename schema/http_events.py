"""A request whose answer is a stream of events: what has to be right before its first event, and what follows."""

from collections.abc import Awaitable, Callable
from functools import partial

import orjson
from graphql import GraphQLError, OperationType

from backend.database import DatabaseThreads
from backend.errors import DomainError
from realtime import sockets
from realtime.rooms import Seat
from schema import execution
from schema.callers import admitted
from schema.context import Context
from schema.documents import Refused
from schema.errors import public
from schema.event_stream import EventStream
from schema.execution import Answer, Approved, Operation
from schema.http_messages import Request, status_of
from schema.http_responses import Response, answered_by, refused_kind
from schema.reading import Reader
from schema.streaming import Subscription, begun


async def followed(request: Request, operation: Operation, workers: DatabaseThreads) -> Response | EventStream:
    """The stream of events, or the one answer where the client likes that better or something is wrong.

    Raises DomainError.
    """
    admission = await workers.run(partial(admitted, request))
    context = Context(
        sockets.current().viewer_of(admission),
        Reader(request.headers.get("accept-language", "")),
        last_event_id=request.headers.get("last-event-id") or None,
    )
    media_type = request.media_type()
    try:
        ready = await workers.run(partial(execution.approved, operation, context.viewer))
        if ready.kind is not OperationType.SUBSCRIPTION:
            return await workers.run(partial(_answered, request, ready, context, media_type))
        return EventStream(_telling(await begun(ready, context)), admission.credential)
    except Refused as refused:
        answer = execution.refused_answer(refused)
        return answered_by(status_of(answer, media_type), answer, media_type)


def _answered(request: Request, ready: Approved, context: Context, media_type: str) -> Response | EventStream:
    """For threads that may use the database."""
    if request.method == "GET" and ready.kind is not OperationType.QUERY:
        return refused_kind(ready.kind)
    answer = execution.answer(ready, context)
    if answer.was_executed and request.prefers_events:
        return EventStream(_telling_once(orjson.dumps(answer.body())))
    return answered_by(status_of(answer, media_type), answer, media_type)


def _telling(subscription: Subscription) -> Callable[[EventStream], Awaitable[Seat[bytes] | None]]:
    async def tell(stream: EventStream) -> Seat[bytes] | None:
        seat = subscription.tell(stream)
        if seat is None:
            await _pour(subscription, stream)
        return seat

    return tell


async def _pour(subscription: Subscription, stream: EventStream) -> None:
    try:
        await subscription.pour(stream)
    except DomainError as error:
        _fail(stream, execution.refusal(error))
    except Exception as error:
        _fail(stream, Answer(errors=public([GraphQLError("", original_error=error)])))


def _fail(stream: EventStream, answer: Answer) -> None:
    stream.send(orjson.dumps(answer.body()))
    stream.end()


def _telling_once(payload: bytes) -> Callable[[EventStream], Awaitable[None]]:
    async def tell(stream: EventStream) -> None:
        stream.send(payload)
        stream.end()

    return tell
