"""What can be followed."""

from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Annotated, Any

import strawberry
from strawberry import ID

from backend.bus.events import MixPlanned
from backend.ids import StreamId
from backend.listening.resources import STREAM
from realtime.backlog import FeedEvent
from realtime.feeds import stream_events
from realtime.mix_plans import mix_plan
from schema import event_types as of
from schema.context import Info
from schema.fields import subscription
from schema.ids import key_of
from schema.mix_plan_types import MixPlan

StreamEvent = Annotated[
    of.ListenerMoved
    | of.GainsChanged
    | of.AssetStarted
    | of.AssetEnded
    | of.StreamPaused
    | of.StreamResumed
    | of.RangeLeft
    | of.RangeEntered
    | of.StreamClosed
    | of.Lagged,
    strawberry.union("StreamEvent", description="Something that a stream did."),
]
StreamArgument = Annotated[ID, strawberry.argument(description="A stream of your own.")]


@strawberry.type(description="What can be followed.")
class Subscription:
    @subscription(
        "What a stream does. First come events that tell how it is now: where the listener is, the gains,"
        " what plays, whether it pauses or is out of range. The subscription ends after StreamClosed."
    )
    async def stream_events(self, info: Info, stream_id: StreamArgument) -> AsyncGenerator[StreamEvent, None]:
        key = StreamId(key_of(STREAM, stream_id, field="stream_id"))
        return _shown(await stream_events(key, info.context.viewer))

    @subscription(
        "What a stream sounds, for clients that mix by themselves: each time all of it, at once and whenever it"
        " changes. To watch your own stream keeps it alive. The subscription ends with the stream."
    )
    async def mix_plan(self, info: Info, stream_id: StreamArgument) -> AsyncGenerator[MixPlan, None]:
        key = StreamId(key_of(STREAM, stream_id, field="stream_id"))
        return _plans(await mix_plan(key, info.context.viewer))


async def _plans(plans: AsyncGenerator[MixPlanned, None]) -> AsyncGenerator[MixPlan, None]:
    async with aclosing(plans):
        async for plan in plans:
            yield MixPlan.of(plan)


async def _shown(events: AsyncGenerator[FeedEvent, None]) -> AsyncGenerator[Any, None]:
    async with aclosing(events):
        async for event in events:
            yield of.shown(event)
