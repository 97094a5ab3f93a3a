"""What events look like to clients: each knows when it was, and where one would go on after it."""

import datetime as dt
from collections.abc import Collection, Mapping
from functools import partial
from typing import Any

import strawberry
from strawberry import ID

from backend.assets.resources import ASSET
from backend.bus import events
from backend.database import threads
from backend.projects.ownership import owned_project_ids
from backend.resources.resource import Resource
from backend.soundscape.resources import SPEAKER
from realtime import happening as told
from realtime.happening import Happening
from schema import types
from schema.context import Context, Info
from schema.derive.fetch import fetch_by_key, selected
from schema.derive.selection import Selection
from schema.fields import field
from schema.ids import global_id


async def rows_of(
    resource: Resource[Any], keys: Collection[int], info: Info, *, below: str | None = None
) -> dict[Any, Any]:
    """The rows that an event names, off the event loop, if they are asked for and the viewer may see them."""
    return await rows_selected(resource, keys, selected(info._raw_info, resource.model, below=below), info)


async def rows_selected(
    resource: Resource[Any], keys: Collection[int], selection: Selection, info: Info
) -> dict[Any, Any]:
    """As `rows_of`, of what is selected anywhere below."""
    if not selection.fields or not keys:
        return {}
    return await threads.run(partial(_read, resource, list(keys), selection, info.context))


def _read(resource: Resource[Any], keys: Collection[int], selection: Selection, context: Context) -> dict[Any, Any]:
    rows = fetch_by_key(resource.rows(context.viewer), keys, selection)
    if context.caller.id is not None and not context.caller.is_staff:
        # Fields of one's own ask this of whoever reads them, when it is too late to ask the database.
        owned_project_ids(context.caller)
    return rows


@strawberry.interface(description="Something that happened, in the order of its project.")
class LiveEvent:
    happening: strawberry.Private[Happening]

    @property
    def event(self) -> Any:
        """What happened."""
        return self.happening.event

    @field("Subscribe again `after` this, and you get what came after it.")
    def cursor(self) -> str:
        return str(self.happening.cursor)

    @field("When it happened.")
    def happened_at(self) -> dt.datetime:
        return self.happening.at


@strawberry.interface(description="Something that a stream did.")
class StreamHappening(LiveEvent):
    @field("The stream's id.")
    def stream_id(self) -> ID:
        return ID(global_id("Stream", self.event.stream_id))


@strawberry.type(description="The listener is now here.")
class ListenerMoved(StreamHappening, LiveEvent):
    @field("Degrees north.")
    def latitude(self) -> float:
        return float(self.event.position.latitude)

    @field("Degrees east.")
    def longitude(self) -> float:
        return float(self.event.position.longitude)

    @field("Degrees clockwise from north; null: all ways.")
    def heading(self) -> float | None:
        heading: float | None = self.event.heading
        return heading


@strawberry.type(description="How loud one speaker becomes.")
class SpeakerGain:
    speaker_id: ID = strawberry.field(description="The speaker's id.")
    speaker: Any = strawberry.field(
        graphql_type=types.Speaker | None, description="The speaker; null when you may not see it."
    )
    gain: float = strawberry.field(description="Linear: 0 is silent, 1 as loud as its source.")


async def gains_of(gains: Collection[events.SpeakerGain], info: Info) -> list[SpeakerGain]:
    """Gains with the speakers that they are of."""
    return with_speakers(gains, await rows_of(SPEAKER, [each.speaker_id for each in gains], info, below="speaker"))


def with_speakers(gains: Collection[events.SpeakerGain], speakers: Mapping[Any, Any]) -> list[SpeakerGain]:
    """Gains, each with its speaker if that is there."""
    return [
        SpeakerGain(
            speaker_id=ID(global_id("Speaker", each.speaker_id)), speaker=speakers.get(each.speaker_id), gain=each.gain
        )
        for each in gains
    ]


@strawberry.type(description="The gains that the speakers glide to; those left out become silent.")
class GainsChanged(StreamHappening, LiveEvent):
    @field("One for each speaker that is heard.")
    async def gains(self, info: Info) -> list[SpeakerGain]:
        return await gains_of(self.event.gains, info)


@strawberry.type(description="Somebody begins to listen, or comes back to a stream that had ended.")
class StreamOpened(StreamHappening, LiveEvent):
    @field("The visit that listens.")
    def session_id(self) -> ID:
        return ID(global_id("Session", self.event.session_id))


@strawberry.interface(description="A recording in a stream.")
class Playing(StreamHappening, LiveEvent):
    @field("The id of this playing: its start and its end name the same.")
    def play_id(self) -> ID:
        return ID(self.event.play_id)

    @field("The id of the recording.")
    def asset_id(self) -> ID:
        return ID(global_id("Asset", self.event.asset_id))

    @field("The recording; null when you may not see it.", types.Asset | None)
    async def asset(self, info: Info) -> Any:
        return await _asset_of(self, info)

    @field("The id of the track that it plays on.")
    def audiotrack_id(self) -> ID:
        return ID(global_id("Audiotrack", self.event.audiotrack_id))


@strawberry.type(description="A recording began to sound.")
class AssetStarted(Playing, StreamHappening, LiveEvent):
    @field("When it began to sound.")
    def started_at(self) -> dt.datetime:
        started_at: dt.datetime = self.event.started_at
        return started_at

    @field("Where in its file it began, in seconds.")
    def offset_seconds(self) -> float:
        return float(self.event.offset_seconds)

    @field("How long it will play at most, in seconds.")
    def planned_seconds(self) -> float:
        return float(self.event.planned_seconds)


@strawberry.type(description="A recording has ended.")
class AssetEnded(Playing, StreamHappening, LiveEvent):
    @field("How long it really played, in seconds.")
    def played_seconds(self) -> float:
        return float(self.event.played_seconds)


@strawberry.type(description="The tracks are silent until the stream is resumed.")
class StreamPaused(StreamHappening, LiveEvent):
    pass


@strawberry.type(description="The tracks play again.")
class StreamResumed(StreamHappening, LiveEvent):
    pass


@strawberry.type(description="The listener is too far from every speaker: only the project's sound for this is heard.")
class RangeLeft(StreamHappening, LiveEvent):
    pass


@strawberry.type(description="The listener is back, and hears the project again.")
class RangeEntered(StreamHappening, LiveEvent):
    pass


@strawberry.type(description="The stream has ended, and with it a subscription to it.")
class StreamClosed(StreamHappening, LiveEvent):
    @field("CLOSED when somebody asked for it; IDLE when nobody listened: any request brings it back.")
    def reason(self) -> str:
        return str(self.event.reason)


@strawberry.interface(description="Something that became of an asset.")
class AssetHappening(LiveEvent):
    @field("The id of the asset.")
    def asset_id(self) -> ID:
        return ID(global_id("Asset", self.event.asset_id))


@strawberry.type(description="Somebody contributed an asset; others may hear it when its `submitted` says so.")
class AssetAdded(AssetHappening, LiveEvent):
    @field("The asset as it is now; null when it is gone.", types.Asset | None)
    async def asset(self, info: Info) -> Any:
        return await _asset_of(self, info)


@strawberry.type(description="An asset was edited, or an editor decided whether others may hear it.")
class AssetChanged(AssetHappening, LiveEvent):
    @field("The asset as it is now; null when it is gone.", types.Asset | None)
    async def asset(self, info: Info) -> Any:
        return await _asset_of(self, info)


@strawberry.type(description="An asset was deleted, or you may see it no more.")
class AssetRemoved(AssetHappening, LiveEvent):
    pass


@strawberry.type(description="Something that may sound, or where, was edited: read again what you show of it.")
class SoundscapeChanged(LiveEvent):
    @field("The project's id.")
    def project_id(self) -> ID:
        return ID(global_id("Project", self.event.project_id))


@strawberry.type(
    description="Some events are lost to you: you did not take them in time, or the log holds them no more."
)
class Lagged(LiveEvent):
    @field("How many; null when nobody can tell.")
    def missed(self) -> int | None:
        missed: int | None = self.event.missed
        return missed

    @field("Subscribe again `after` this to get them; null when you have to query how things are.")
    def resync(self) -> str | None:
        return None if self.event.resync is None else str(self.event.resync)


async def _asset_of(self: Any, info: Info) -> Any:
    key = self.event.asset_id
    return (await rows_of(ASSET, [key], info)).get(key)


SHOWN: dict[type, Any] = {
    events.ListenerMoved: ListenerMoved,
    events.GainsChanged: GainsChanged,
    events.StreamOpened: StreamOpened,
    events.AssetStarted: AssetStarted,
    events.AssetEnded: AssetEnded,
    events.StreamPaused: StreamPaused,
    events.StreamResumed: StreamResumed,
    events.RangeLeft: RangeLeft,
    events.RangeEntered: RangeEntered,
    events.StreamClosed: StreamClosed,
    events.AssetAdded: AssetAdded,
    events.AssetChanged: AssetChanged,
    events.AssetRemoved: AssetRemoved,
    events.SoundscapeChanged: SoundscapeChanged,
    told.Lagged: Lagged,
}


def shown(happening: Happening) -> Any:
    """The event as clients see it."""
    return SHOWN[type(happening.event)](happening=happening)
