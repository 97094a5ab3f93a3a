"""What can be followed."""

from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing
from enum import Enum
from typing import Annotated, Any

import strawberry
from strawberry import ID

from backend.assets.resources import ASSET_UPLOAD
from backend.bus import events
from backend.bus.cursor import Cursor
from backend.bus.events import MixPlanned
from backend.geo.regions import Box
from backend.ids import StreamId
from backend.listening.resources import STREAM
from backend.projects.resources import PROJECT
from realtime import feeds
from realtime.engines import engine_feed
from realtime.following import Following
from realtime.mix_plans import mix_plan
from realtime.presence import LEAST_SECONDS, MOST_SECONDS, presence_feed
from realtime.uploads import upload_feed
from schema import event_types as of
from schema import presence_types
from schema.context import Info
from schema.derive.filters import BoxFilter
from schema.fields import subscription
from schema.following import Followed
from schema.ids import key_of
from schema.mix_plan_types import MixPlan
from schema.presence_types import ListenerUpdate
from schema.progress_types import EngineStatus, UploadProgress, shown_engine, shown_upload

StreamEvent = Annotated[
    of.ListenerMoved
    | of.GainsChanged
    | of.StreamOpened
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
AssetChange = Annotated[
    of.AssetAdded | of.AssetChanged | of.AssetRemoved | of.Lagged,
    strawberry.union("AssetChange", description="Something that became of an asset of a project."),
]
ProjectEvent = Annotated[
    of.StreamOpened
    | of.StreamClosed
    | of.StreamPaused
    | of.StreamResumed
    | of.RangeLeft
    | of.RangeEntered
    | of.AssetStarted
    | of.AssetEnded
    | of.AssetAdded
    | of.AssetChanged
    | of.AssetRemoved
    | of.SoundscapeChanged
    | of.Lagged,
    strawberry.union("ProjectEvent", description="Something that happened in a project."),
]


def _kind(event: type, description: str) -> Any:
    return strawberry.enum_value(event, description=description)


@strawberry.enum(description="The kinds of events of a project.")
class ProjectEventType(Enum):
    STREAM_OPENED = _kind(events.StreamOpened, "Somebody begins to listen.")
    STREAM_CLOSED = _kind(events.StreamClosed, "A stream has ended.")
    STREAM_PAUSED = _kind(events.StreamPaused, "A listener pauses the tracks.")
    STREAM_RESUMED = _kind(events.StreamResumed, "The tracks of a stream play again.")
    RANGE_LEFT = _kind(events.RangeLeft, "A listener is too far from every speaker.")
    RANGE_ENTERED = _kind(events.RangeEntered, "A listener is back, and hears the project again.")
    ASSET_STARTED = _kind(events.AssetStarted, "A recording begins to sound in a stream.")
    ASSET_ENDED = _kind(events.AssetEnded, "A recording ends in a stream.")
    ASSET_ADDED = _kind(events.AssetAdded, "Somebody contributes an asset.")
    ASSET_CHANGED = _kind(events.AssetChanged, "An asset is edited or decided upon.")
    ASSET_REMOVED = _kind(events.AssetRemoved, "An asset is deleted, or you may see it no more.")
    SOUNDSCAPE_CHANGED = _kind(events.SoundscapeChanged, "What may sound, or where, is edited.")


StreamArgument = Annotated[ID, strawberry.argument(description="A stream of your own.")]
ProjectArgument = Annotated[ID, strawberry.argument(description="A project.")]
TypesArgument = Annotated[
    list[ProjectEventType] | None, strawberry.argument(description="Of these kinds alone; null: of all.")
]
AfterArgument = Annotated[
    str | None,
    strawberry.argument(
        description="The `cursor` of the last event that you have: first comes what happened since."
        " Events are kept for a day."
    ),
]
UploadArgument = Annotated[ID, strawberry.argument(description="An upload of your own.")]
BoxArgument = Annotated[
    BoxFilter | None, strawberry.argument(description="Those alone who are in this box; null: all.")
]
EveryArgument = Annotated[
    float,
    strawberry.argument(
        description="So many seconds lie between two ListenersMoved at least,"
        f" from {LEAST_SECONDS} to {MOST_SECONDS:g}: each tells all that moved meanwhile."
    ),
]


@strawberry.type(description="What can be followed.")
class Subscription:
    @subscription(
        "What a stream does. Without `after` first come events that tell how it is now: where the listener is, the"
        " gains, what plays, whether it pauses or is out of range. The subscription ends after StreamClosed."
    )
    async def stream_events(
        self, info: Info, stream_id: StreamArgument, after: AfterArgument = None
    ) -> AsyncIterator[StreamEvent]:
        key, since = key_of(STREAM, stream_id, field="stream_id"), _cursor(after, info)
        return _followed(await feeds.stream_feed(key, info.context.viewer), info, since)

    @subscription(
        "What happens in a project, as far as you may see it: your own visits, all visits if you are an owner,"
        " recordings that you may hear, and edits. Read the project's `eventCursor` before you read what it holds, and"
        " subscribe `after` it: then nothing is missing between the two."
    )
    async def project_events(
        self,
        info: Info,
        project_id: ProjectArgument,
        types: TypesArgument = None,
        after: AfterArgument = None,
    ) -> AsyncIterator[ProjectEvent]:
        key, since = key_of(PROJECT, project_id, field="project_id"), _cursor(after, info)
        kinds = None if types is None else [each.value for each in types]
        return _followed(await feeds.project_feed(key, info.context.viewer, kinds), info, since)

    @subscription("What becomes of the assets of a project that you may see.")
    async def asset_changes(
        self, info: Info, project_id: ProjectArgument, after: AfterArgument = None
    ) -> AsyncIterator[AssetChange]:
        key, since = key_of(PROJECT, project_id, field="project_id"), _cursor(after, info)
        return _followed(await feeds.asset_feed(key, info.context.viewer), info, since)

    @subscription(
        "Who listens in a project: for its owners and staff. First comes a snapshot, then who begins to listen, moves,"
        " hears something else, and listens no more. After Lagged comes a snapshot again."
    )
    async def listeners(
        self, info: Info, project_id: ProjectArgument, bbox: BoxArgument = None, every: EveryArgument = 1.0
    ) -> AsyncIterator[ListenerUpdate]:
        key = key_of(PROJECT, project_id, field="project_id")
        box = None if bbox is None else Box.shown(bbox.west, bbox.south, bbox.east, bbox.north, field="bbox")
        feed = await presence_feed(key, info.context.viewer, box=box, every=every)
        return Followed(Following(feed, info.context.viewer), presence_types.shown)

    @subscription(
        "How far an upload is: first as it is now, then whenever that changes. It ends when the upload is stored or has"
        " failed. Ask with the `uploadId` that you are about to send: one that has not begun is waited for ten minutes."
    )
    async def upload_progress(self, info: Info, id: UploadArgument) -> AsyncIterator[UploadProgress]:
        feed = await upload_feed(key_of(ASSET_UPLOAD, id, field="id"), info.context.viewer)
        return Followed(Following(feed, info.context.viewer), shown_upload)

    @subscription(
        "How the audio engines do, for staff: each once a second at most, and once when it has fallen silent."
    )
    async def engine_status(self, info: Info) -> AsyncIterator[EngineStatus]:
        return Followed(Following(await engine_feed(info.context.viewer), info.context.viewer), shown_engine)

    @subscription(
        "What a stream sounds, for clients that mix by themselves: each time all of it, at once and whenever it"
        " changes. To watch your own stream keeps it alive. The subscription ends with the stream."
    )
    async def mix_plan(self, info: Info, stream_id: StreamArgument) -> AsyncGenerator[MixPlan, None]:
        key = StreamId(key_of(STREAM, stream_id, field="stream_id"))
        return _plans(await mix_plan(key, info.context.viewer))


def _cursor(after: str | None, info: Info) -> Cursor | None:
    given = after if after is not None else info.context.last_event_id
    return None if given is None else Cursor.parsed(given)


def _followed(feed: feeds.Feed, info: Info, after: Cursor | None) -> Followed:
    return Followed(Following(feed, info.context.viewer, after))


async def _plans(plans: AsyncGenerator[MixPlanned, None]) -> AsyncGenerator[MixPlan, None]:
    async with aclosing(plans):
        async for plan in plans:
            yield MixPlan.of(plan)
