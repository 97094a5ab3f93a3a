"""What the events of a stream look like to clients."""

import datetime as dt
from collections.abc import Callable
from functools import partial
from typing import Any

import strawberry
from strawberry import ID

from backend.assets.resources import ASSET
from backend.bus import events
from backend.database import threads
from backend.resources.resource import Resource
from backend.soundscape.resources import SPEAKER
from realtime.backlog import FeedEvent
from realtime.backlog import Lagged as LaggedEvent
from schema import types
from schema.context import Info
from schema.derive.fetch import fetch_by_key, selected
from schema.fields import field
from schema.ids import global_id


async def rows_of(resource: Resource[Any], keys: list[int], info: Info, *, below: str | None = None) -> dict[Any, Any]:
    """The rows that an event names, off the event loop, if they are asked for and the viewer may see them."""
    selection = selected(info._raw_info, resource.model, below=below)
    if not selection.fields:
        return {}
    return await threads.run(partial(fetch_by_key, resource.rows(info.context.viewer), keys, selection))


@strawberry.type(description="The listener is now here.")
class ListenerMoved:
    latitude: float = strawberry.field(description="Degrees north.")
    longitude: float = strawberry.field(description="Degrees east.")
    heading: float | None = strawberry.field(description="Degrees clockwise from north; null: all ways.")

    @classmethod
    def of(cls, event: events.ListenerMoved) -> "ListenerMoved":
        """The event as clients see it."""
        return cls(latitude=event.position.latitude, longitude=event.position.longitude, heading=event.heading)


@strawberry.type(description="How loud one speaker becomes.")
class SpeakerGain:
    speaker_id: ID = strawberry.field(description="The speaker's id.")
    speaker: Any = strawberry.field(
        graphql_type=types.Speaker | None, description="The speaker; null when you may not see it."
    )
    gain: float = strawberry.field(description="Linear: 0 is silent, 1 as loud as its source.")


@strawberry.type(description="The gains that the speakers glide to; those left out become silent.")
class GainsChanged:
    event: strawberry.Private[events.GainsChanged]

    @field("One for each speaker that is heard.")
    async def gains(self, info: Info) -> list[SpeakerGain]:
        speakers = await rows_of(SPEAKER, [each.speaker_id for each in self.event.gains], info, below="speaker")
        return [
            SpeakerGain(
                speaker_id=ID(global_id("Speaker", each.speaker_id)),
                speaker=speakers.get(each.speaker_id),
                gain=each.gain,
            )
            for each in self.event.gains
        ]


@strawberry.type(description="A recording began to sound.")
class AssetStarted:
    event: strawberry.Private[events.AssetStarted]
    play_id: ID = strawberry.field(description="The id of this playing; its end names it again.")
    asset_id: ID = strawberry.field(description="The id of the recording.")
    audiotrack_id: ID = strawberry.field(description="The id of the track that it plays on.")
    started_at: dt.datetime = strawberry.field(description="When it began to sound.")
    offset_seconds: float = strawberry.field(description="Where in its file it began, in seconds.")
    planned_seconds: float = strawberry.field(description="How long it will play at most, in seconds.")

    @field("The recording; null when you may not see it.", types.Asset | None)
    async def asset(self, info: Info) -> Any:
        key = self.event.asset_id
        return (await rows_of(ASSET, [key], info)).get(key)

    @classmethod
    def of(cls, event: events.AssetStarted) -> "AssetStarted":
        """The event as clients see it."""
        return cls(
            event=event,
            play_id=ID(event.play_id),
            asset_id=ID(global_id("Asset", event.asset_id)),
            audiotrack_id=ID(global_id("Audiotrack", event.audiotrack_id)),
            started_at=event.started_at,
            offset_seconds=event.offset_seconds,
            planned_seconds=event.planned_seconds,
        )


@strawberry.type(description="A recording has ended.")
class AssetEnded:
    play_id: ID = strawberry.field(description="The id of the playing, as its start named it.")
    asset_id: ID = strawberry.field(description="The id of the recording.")
    audiotrack_id: ID = strawberry.field(description="The id of the track that it played on.")
    played_seconds: float = strawberry.field(description="How long it really played, in seconds.")

    @classmethod
    def of(cls, event: events.AssetEnded) -> "AssetEnded":
        """The event as clients see it."""
        return cls(
            play_id=ID(event.play_id),
            asset_id=ID(global_id("Asset", event.asset_id)),
            audiotrack_id=ID(global_id("Audiotrack", event.audiotrack_id)),
            played_seconds=event.played_seconds,
        )


@strawberry.type(description="The tracks are silent until the stream is resumed.")
class StreamPaused:
    stream_id: ID = strawberry.field(description="The stream's id.")


@strawberry.type(description="The tracks play again.")
class StreamResumed:
    stream_id: ID = strawberry.field(description="The stream's id.")


@strawberry.type(description="The listener is too far from every speaker: only the project's sound for this is heard.")
class RangeLeft:
    stream_id: ID = strawberry.field(description="The stream's id.")


@strawberry.type(description="The listener is back, and hears the project again.")
class RangeEntered:
    stream_id: ID = strawberry.field(description="The stream's id.")


@strawberry.type(description="The stream has ended, and with it this subscription.")
class StreamClosed:
    reason: str = strawberry.field(
        description="CLOSED when somebody asked for it; IDLE when nobody listened: any request brings it back."
    )


@strawberry.type(
    description="You did not keep up: the events before the next one are lost to you. Ask for what you need."
)
class Lagged:
    missed: int = strawberry.field(description="How many events are lost.")


def _about_stream(kind: Any) -> Callable[[Any], Any]:
    return lambda event: kind(stream_id=ID(global_id("Stream", event.stream_id)))


SHOWN: dict[type, Callable[[Any], Any]] = {
    events.ListenerMoved: ListenerMoved.of,
    events.GainsChanged: lambda event: GainsChanged(event=event),
    events.AssetStarted: AssetStarted.of,
    events.AssetEnded: AssetEnded.of,
    events.StreamPaused: _about_stream(StreamPaused),
    events.StreamResumed: _about_stream(StreamResumed),
    events.RangeLeft: _about_stream(RangeLeft),
    events.RangeEntered: _about_stream(RangeEntered),
    events.StreamClosed: lambda event: StreamClosed(reason=event.reason),
    LaggedEvent: lambda event: Lagged(missed=event.missed),
}


def shown(event: FeedEvent) -> Any:
    """The event as clients see it."""
    return SHOWN[type(event)](event)
