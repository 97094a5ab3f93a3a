"""What the plan of a mix looks like to clients that mix by themselves."""

import datetime as dt
from functools import partial
from typing import Any

import strawberry
from strawberry import ID

from backend.assets.queries import recording_urls
from backend.assets.resources import ASSET
from backend.bus import events
from backend.database import threads
from backend.soundscape.resources import SPEAKER
from schema import types
from schema.context import Info
from schema.derive.selection import selection_of
from schema.event_types import rows_of
from schema.fields import field
from schema.ids import global_id


@strawberry.type(description="A value at a time; from one point to the next it goes straight, after the last it stays.")
class MixPoint:
    seconds: float = strawberry.field(description="Seconds after `beginsAt`.")
    value: float = strawberry.field(description="A linear gain, or a pan from -1 (left) to 1 (right).")


@strawberry.type(
    description="A speaker's sound, endlessly looped. It is not panned: a mono sound goes to both sides as it is."
)
class MixedSpeaker:
    speaker_id: ID | None = strawberry.field(
        description="The speaker's id; null: the project's sound for listeners who are far from every speaker."
    )
    speaker: Any = strawberry.field(
        graphql_type=types.Speaker | None, description="The speaker; null when you may not see it."
    )
    url: str = strawberry.field(description="The address of its sound.")
    loop_seconds: float = strawberry.field(description="After so many seconds the server begins its sound again.")
    offset_seconds: float = strawberry.field(
        description="Where in its sound it is at `beginsAt`: the same for all who hear it at that moment."
    )
    gains: list[MixPoint] = strawberry.field(description="How loud it is, linear.")


@strawberry.type(description="A recording that plays.")
class MixedAsset:
    play_id: ID = strawberry.field(description="The id of this playing, as the events name it.")
    asset_id: ID = strawberry.field(description="The id of the recording.")
    asset: Any = strawberry.field(
        graphql_type=types.Asset | None, description="The recording; null when you may not see it (any more)."
    )
    audiotrack_id: ID = strawberry.field(description="The id of the track that it plays on.")
    url: str | None = strawberry.field(
        description="The address of its sound, as `file` has it; null when you may not see it (any more)."
    )
    channels: int = strawberry.field(description="1 for a mono sound, 2 for stereo.")
    offset_seconds: float = strawberry.field(description="Where in its file it is at `startsAt`.")
    starts_at: dt.datetime = strawberry.field(description="When it began.")
    ends_at: dt.datetime = strawberry.field(description="When it ends, unless a later plan says otherwise.")
    gains: list[MixPoint] = strawberry.field(description="How loud it is, linear, before it is panned.")
    pans: list[MixPoint] = strawberry.field(
        description="Where it stands, of equal power: with a = (pan + 1) π / 4 a mono sound goes to the left by cos a"
        " and to the right by sin a; of a stereo sound each side is multiplied by √2 times that."
    )


@strawberry.type(description="All that sounds in a stream from a moment on. A later plan takes its place as a whole.")
class MixPlan:
    event: strawberry.Private[events.MixPlanned]
    begins_at: dt.datetime = strawberry.field(description="From this moment on it holds; until then the one before.")
    until: dt.datetime = strawberry.field(
        description="It says nothing of what is later; another comes before, as long as you are connected."
    )
    delay_seconds: float = strawberry.field(
        description="Play all so many seconds after its time: then plans come in time, and all who hear it are in step."
    )
    sent_at: dt.datetime = strawberry.field(description="The server's time now: how wrong your clock is.")

    @field("The speakers that are heard.")
    async def speakers(self, info: Info) -> list[MixedSpeaker]:
        keys = [voice.speaker_id for voice in self.event.speakers if voice.speaker_id is not None]
        speakers = await rows_of(SPEAKER, list(keys), info, below="speaker")
        return [
            MixedSpeaker(
                speaker_id=None if voice.speaker_id is None else ID(global_id("Speaker", voice.speaker_id)),
                speaker=speakers.get(voice.speaker_id),
                url=voice.url,
                loop_seconds=voice.loop_seconds,
                offset_seconds=voice.offset_seconds,
                gains=_points(voice.gains),
            )
            for voice in self.event.speakers
        ]

    @field("The recordings that play.")
    async def assets(self, info: Info) -> list[MixedAsset]:
        keys = [voice.asset_id for voice in self.event.assets]
        assets = await rows_of(ASSET, list(keys), info, below="asset")
        urls: dict[Any, str] = {}
        if "url" in selection_of(info._raw_info).names():
            urls = await threads.run(partial(recording_urls, keys, info.context.viewer))
        return [
            _mixed_asset(voice, assets.get(voice.asset_id), urls.get(voice.asset_id)) for voice in self.event.assets
        ]

    @classmethod
    def of(cls, event: events.MixPlanned) -> "MixPlan":
        """The plan as clients see it."""
        return cls(
            event=event,
            begins_at=event.begins_at,
            until=event.until,
            delay_seconds=event.delay_seconds,
            sent_at=dt.datetime.now(dt.UTC),
        )


def _mixed_asset(voice: events.MixedAsset, asset: Any, url: str | None) -> MixedAsset:
    return MixedAsset(
        play_id=ID(voice.play_id),
        asset_id=ID(global_id("Asset", voice.asset_id)),
        asset=asset,
        audiotrack_id=ID(global_id("Audiotrack", voice.audiotrack_id)),
        url=url,
        channels=voice.channels,
        offset_seconds=voice.offset_seconds,
        starts_at=voice.starts_at,
        ends_at=voice.ends_at,
        gains=_points(voice.gains),
        pans=_points(voice.pans),
    )


def _points(points: tuple[events.MixPoint, ...]) -> list[MixPoint]:
    return [MixPoint(seconds=point.seconds, value=point.value) for point in points]
