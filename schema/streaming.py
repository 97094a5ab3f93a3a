"""A subscription, begun: told by a room where its events come of a feed, so once for all who ask the same."""

import asyncio
import hashlib
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Hashable
from contextlib import aclosing
from functools import partial
from itertools import repeat
from typing import Any, Protocol, cast

import orjson
from django.conf import settings
from graphql import (
    ExecutionResult,
    Executor,
    FieldNode,
    GraphQLError,
    OperationDefinitionNode,
    VariableNode,
    Visitor,
    create_source_event_stream,
    execute_subscription_event,
    visit,
)

from backend.resources.viewer import Viewer
from realtime import rooms
from realtime.happening import Happening
from realtime.membership import MOST_BYTES, MOST_EVENTS, Outlet, Unsent
from realtime.news import Refused
from schema import documents
from schema.context import Context
from schema.documents import check, chosen
from schema.errors import public
from schema.execution import Answer, Approved
from schema.following import Followed
from schema.root import schema
from schema.sameness import Sameness

# The argument that says where to go on: whoever gives another one follows the same nevertheless.
RESUME = "after"
# How often it is looked whether a client has taken what no room told it.
LOOK_SECONDS = 0.05
# Deeper than JSON is written here, though it can be read.
_TOO_DEEP = GraphQLError("The variables are nested too deep.", extensions={"code": "VARIABLES_TOO_DEEP"})


class Pourable(Protocol):
    """An outlet that does not ask where payloads come from."""

    def send(self, payload: bytes) -> None:
        """See Outlet."""

    def unsent(self) -> Unsent:
        """See Outlet."""

    def end(self) -> None:
        """See Outlet."""


class Subscription:
    """One that may be followed: `tell` lets a room follow it, `payloads` is for sources that no room knows."""

    def __init__(self, ready: Approved, context: Context, source: AsyncIterator[Any], audience: Hashable) -> None:
        self._ready = ready
        self._context = context
        self._source = source
        self._audience = audience

    def tell(self, outlet: Outlet[bytes]) -> rooms.Seat[bytes] | None:
        """From now on `outlet` is sent every payload; None when no room can: then ask for `payloads`."""
        source = self._source
        if not isinstance(source, Followed):
            return None

        async def render(happening: Happening, viewer: Viewer) -> bytes:
            return await self._payload(lambda: source.show(happening), Context(viewer, self._context.reader.fresh()))

        personal = _personal_types(self._ready)

        def is_personal(happening: Happening) -> bool:
            if not personal or isinstance(happening.event, Refused):
                return False
            return type(source.show(happening)).__name__ in personal

        following = source.following
        return rooms.current().join(
            following.feed,
            outlet,
            audience=self._audience,
            viewer=following.viewer,
            render=render,
            after=following.after,
            is_personal=is_personal,
        )

    async def pour(self, outlet: Pourable) -> None:
        """One payload after the other, as they are taken, and then the end."""
        async with aclosing(self.payloads()) as payloads:
            async for payload in payloads:
                outlet.send(payload)
                await _until_taken(outlet)
        outlet.end()

    async def payloads(self) -> AsyncGenerator[bytes, None]:
        """One after the other, as they are taken."""
        async with aclosing(cast(AsyncGenerator[Any, None], self._source)) as values:
            async for value in values:
                # What is read for one event is not remembered for the next.
                yield await self._payload(partial(_as_it_is, value), self._context.again())

    async def _payload(self, value: Callable[[], Any], context: Context) -> bytes:
        try:
            # Not a copy of one executor, as graphql-core has it: they share a memo that grows with every event.
            executor = _executor(self._ready, context, value())
            result: Any = execute_subscription_event(executor)
            return _encoded(await result if executor.is_awaitable(result) else result)
        except Exception as error:
            return _encoded(ExecutionResult(None, [GraphQLError("", original_error=error)]))


async def begun(ready: Approved, context: Context) -> Subscription:
    """Asks the field that is subscribed to. Raises documents.Refused."""
    # Whatever can be refused is, before anything is followed: nobody would follow it to its end.
    executor, asking = _executor(ready, context), audience(ready, context)
    source: Any = create_source_event_stream(executor)
    if executor.is_awaitable(source):
        source = await source
    if isinstance(source, ExecutionResult):
        raise documents.Refused(*public(source.errors or ()))
    return Subscription(ready, context, source, asking)


def _executor(ready: Approved, context: Context, value: Any = None) -> Executor[Any]:
    """Of this document, with `value` as its root. Raises documents.Refused."""
    executor = Executor.build(
        schema._schema,
        check(schema._schema, ready.text).document,
        value,
        context_value=context,
        raw_variable_values=ready.variables,
        operation_name=ready.operation_name,
        hide_suggestions=not settings.GRAPHQL_SUGGESTIONS,
    )
    if isinstance(executor, list):
        raise documents.Refused(*public(executor))
    return executor


async def _until_taken(outlet: Pourable) -> None:
    # A socket does not say when it has taken what it was given.
    for _ in repeat(None):
        unsent = outlet.unsent()
        if unsent.events < MOST_EVENTS and unsent.bytes < MOST_BYTES:
            return
        await asyncio.sleep(LOOK_SECONDS)


def audience(ready: Approved, context: Context) -> Hashable:
    """The same for all who ask the same: document, variables, and in which languages. Who they are is the room's.

    Raises documents.Refused.
    """
    resuming = _resuming_variables(ready)
    variables = {name: value for name, value in ready.variables.items() if name not in resuming}
    asked = [ready.text, ready.operation_name, variables, context.reader.codes]
    try:
        return hashlib.sha256(orjson.dumps(asked, option=orjson.OPT_SORT_KEYS)).digest()
    except orjson.JSONEncodeError:
        raise documents.Refused(_TOO_DEEP) from None


def _personal_types(ready: Approved) -> frozenset[str]:
    document = check(schema._schema, ready.text).document
    return Sameness(schema._schema, document).personal_types(chosen(document, ready.operation_name))


def _resuming_variables(ready: Approved) -> set[str]:
    """Those that say where to go on, and nothing else."""
    document = check(schema._schema, ready.text).document
    uses = _Uses()
    visit(document, uses)
    operations = [each for each in document.definitions if isinstance(each, OperationDefinitionNode)]
    fields = [each for operation in operations for each in operation.selection_set.selections]
    arguments = [each for field in fields if isinstance(field, FieldNode) for each in field.arguments or ()]
    values = [each.value for each in arguments if each.name.value == RESUME]
    named = {each.name.value for each in values if isinstance(each, VariableNode)}
    # Once where it is defined, once where it is used.
    return {name for name in named if uses.names.count(name) == 2}


def _as_it_is(value: Any) -> Any:
    return value


class _Uses(Visitor):
    def __init__(self) -> None:
        super().__init__()
        self.names: list[str] = []

    def enter_variable(self, node: VariableNode, *_: Any) -> None:
        self.names.append(node.name.value)


def _encoded(result: ExecutionResult) -> bytes:
    return orjson.dumps(Answer(result.data, public(result.errors or ()), was_executed=True).body())
