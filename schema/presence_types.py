"""What those who listen look like to owners and staff."""

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import Annotated, Any

import strawberry
from strawberry import ID

from backend.assets.resources import ASSET
from backend.soundscape.resources import SPEAKER
from realtime import happening as told
from realtime import news
from realtime.happening import Happening
from schema import types
from schema.context import Info
from schema.derive.selection import Selection, selection_of
from schema.event_types import Lagged, SpeakerGain, rows_selected, with_speakers
from schema.fields import field
from schema.ids import global_id


@strawberry.type(description="A recording that somebody hears.")
class NowPlaying:
    play_id: ID = strawberry.field(description="The id of this playing, as the events name it.")
    asset_id: ID = strawberry.field(description="The id of the recording.")
    asset: Any = strawberry.field(
        graphql_type=types.Asset | None, description="The recording; null when you may not see it."
    )
    started_at: dt.datetime = strawberry.field(description="When it began to sound.")


@strawberry.type(description="Somebody who listens.")
class PresentListener:
    stream_id: ID = strawberry.field(description="The id of their stream.")
    latitude: float | None = strawberry.field(
        description="Degrees north, on the project's grid (`listenerPrecisionMetres`); null: nobody knows."
    )
    longitude: float | None = strawberry.field(description="Degrees east, on the same grid.")
    heading: float | None = strawberry.field(description="Degrees clockwise from north; null: all ways.")
    is_paused: bool = strawberry.field(description="Whether they have paused the tracks.")
    is_out_of_range: bool = strawberry.field(description="Whether they are too far from every speaker.")
    playing: list[NowPlaying] = strawberry.field(description="The recordings that sound.")
    gains: list[SpeakerGain] = strawberry.field(description="How loud the speakers are; those left out are silent.")


@strawberry.interface(description="Several who listen.")
class Listeners:
    happening: strawberry.Private[Happening]

    @field("They, as they are now.")
    async def listeners(self, info: Info) -> list[PresentListener]:
        event: Any = self.happening.event
        return await shown_listeners(event.listeners, selection_of(info._raw_info), info)


@strawberry.type(description="All who listen now: it takes the place of all that was told before.")
class ListenersSnapshot(Listeners):
    pass


@strawberry.type(description="These are elsewhere now, or hear something else.")
class ListenersMoved(Listeners):
    pass


@strawberry.type(description="Somebody begins to listen, or comes into the box.")
class ListenerJoined:
    happening: strawberry.Private[Happening]

    @field("They, as they are now.")
    async def listener(self, info: Info) -> PresentListener:
        event: Any = self.happening.event
        (one,) = await shown_listeners([event.listener], selection_of(info._raw_info), info)
        return one


@strawberry.type(description="Somebody listens no more, or has left the box.")
class ListenerLeft:
    happening: strawberry.Private[Happening]

    @field("The id of their stream.")
    def stream_id(self) -> ID:
        event: Any = self.happening.event
        return ID(global_id("Stream", event.stream_id))


ListenerUpdate = Annotated[
    ListenersSnapshot | ListenersMoved | ListenerJoined | ListenerLeft | Lagged,
    strawberry.union("ListenerUpdate", description="Who listens in a project, and what has changed of it."),
]

SHOWN: dict[type, Any] = {
    news.ListenersSnapshot: ListenersSnapshot,
    news.ListenersMoved: ListenersMoved,
    news.ListenerJoined: ListenerJoined,
    news.ListenerLeft: ListenerLeft,
}


def shown(happening: Happening) -> Any:
    """The update as clients see it. Who has lost some gets a snapshot next: nothing is to be asked for again."""
    if isinstance(happening.event, told.Lagged):
        return Lagged(happening=replace(happening, event=replace(happening.event, resync=None)))
    return SHOWN[type(happening.event)](happening=happening)


async def shown_listeners(
    listeners: Collection[news.PresentListener], selection: Selection, info: Info
) -> list[PresentListener]:
    """They with what they hear; what is selected of it is read at once for all."""
    plays = {each.asset_id for one in listeners for each in one.playing}
    gains = {each.speaker_id for one in listeners for each in one.gains}
    assets = await rows_selected(ASSET, plays, selection.below("playing").below("asset"), info)
    speakers = await rows_selected(SPEAKER, gains, selection.below("gains").below("speaker"), info)
    return [_shown_listener(one, assets, speakers) for one in listeners]


def _shown_listener(one: news.PresentListener, assets: dict[Any, Any], speakers: dict[Any, Any]) -> PresentListener:
    return PresentListener(
        stream_id=ID(global_id("Stream", one.stream_id)),
        latitude=None if one.position is None else one.position.latitude,
        longitude=None if one.position is None else one.position.longitude,
        heading=one.heading,
        is_paused=one.is_paused,
        is_out_of_range=one.is_out_of_range,
        playing=_shown_plays(one.playing, assets),
        gains=with_speakers(one.gains, speakers),
    )


def _shown_plays(plays: Sequence[news.NowPlaying], assets: dict[Any, Any]) -> list[NowPlaying]:
    return [
        NowPlaying(
            play_id=ID(each.play_id),
            asset_id=ID(global_id("Asset", each.asset_id)),
            asset=assets.get(each.asset_id),
            started_at=each.started_at,
        )
        for each in plays
    ]
