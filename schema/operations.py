"""One operation of a websocket, from its `subscribe` to its `complete`."""

import asyncio
from collections.abc import Sequence
from functools import partial
from typing import Any, Protocol

import orjson
from graphql import GraphQLError, OperationType

from backend.bus.cursor import Cursor
from backend.database import threads
from backend.errors import DomainError
from realtime.happening import Happening
from realtime.membership import Unsent
from realtime.rooms import Seat
from realtime.wire import Untaken, Wire
from schema import execution, streaming
from schema.context import Context
from schema.documents import Refused
from schema.errors import public


class Host(Protocol):
    """The connection that an operation belongs to."""

    @property
    def wire(self) -> Wire:
        """Where its messages go."""

    def forget(self, operation: "Operation") -> None:
        """It has ended: its id may be used again."""


class Operation:
    """Also the outlet by which a room tells it."""

    __slots__ = ("_head", "_host", "_is_over", "_seat", "_task", "_untaken", "id")

    def __init__(self, operation_id: str, host: Host) -> None:
        self.id = operation_id
        self._host = host
        # What stands before every payload: made once.
        self._head = b'{"id":%b,"type":"next","payload":' % orjson.dumps(operation_id)
        self._untaken = Untaken(host.wire)
        self._seat: Seat[bytes] | None = None
        self._task: asyncio.Task[None] | None = None
        self._is_over = False

    @property
    def cursor(self) -> Cursor | None:
        """Where its client would go on; None for what has no such place."""
        return None if self._seat is None else self._seat.cursor

    def start(self, asked: execution.Operation, context: Context) -> None:
        """Answer it, or follow it until it ends."""
        self._task = asyncio.create_task(self._run(asked, context))

    def stop(self) -> asyncio.Task[None] | None:
        """Send nothing more. Gives what is not quite done yet."""
        self._is_over = True
        if self._seat is not None:
            self._seat.leave()
        if self._task is not None:
            self._task.cancel()
        return self._task

    def send(self, payload: bytes, happening: Happening | None = None) -> None:
        """See Outlet."""
        if not self._is_over:
            self._host.wire.send_text(self._head + payload + b"}")
            self._untaken.wrote()

    def unsent(self) -> Unsent:
        """See Outlet."""
        return Unsent(self._untaken.count(), self._host.wire.unsent_bytes())

    def end(self) -> None:
        """See Outlet."""
        self._finish({"id": self.id, "type": "complete"})

    async def _run(self, asked: execution.Operation, context: Context) -> None:
        try:
            await self._do(asked, context)
        except Refused as refused:
            self._fail(refused.errors)
        except DomainError as error:
            self._fail(execution.refusal(error).errors)
        except Exception as error:
            self._fail(public([GraphQLError("", original_error=error)]))
        # A room tells the rest: what it took to come here is needed no more.
        self._task = None

    async def _do(self, asked: execution.Operation, context: Context) -> None:
        ready = await threads.run(partial(execution.approved, asked, context.viewer))
        if ready.kind is OperationType.SUBSCRIPTION:
            await self._follow(await streaming.begun(ready, context))
            return
        answer, payload = await threads.run(partial(_answered, ready, context))
        if answer.was_executed:
            self.send(payload)
            self.end()
        else:
            self._fail(answer.errors)

    async def _follow(self, subscription: streaming.Subscription) -> None:
        self._seat = subscription.tell(self)
        if self._seat is None:
            await subscription.pour(self)

    def _fail(self, errors: Sequence[GraphQLError]) -> None:
        self._finish({"id": self.id, "type": "error", "payload": [error.formatted for error in errors]})

    def _finish(self, message: dict[str, Any]) -> None:
        if self._is_over:
            return
        self._is_over = True
        # Before the last message is out: its id is free for whoever reads it.
        self._host.forget(self)
        self._host.wire.send_text(orjson.dumps(message))
        if self._seat is not None:
            self._seat.leave()


def _answered(ready: execution.Approved, context: Context) -> tuple[execution.Answer, bytes]:
    answer = execution.answer(ready, context)
    return answer, orjson.dumps(answer.body())
