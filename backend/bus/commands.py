"""What the gateway asks of the engine. Imperative names; a stream is named by its id alone.

What a command changes is stored first (position, tags, state), so an engine that misses one reads it later.
"""

from dataclasses import dataclass

from backend.geo.position import Position
from backend.ids import AssetId, LanguageId, StreamId, TagId


@dataclass(frozen=True, slots=True)
class OpenStream:
    """Get ready to serve this stream: its row says everything else."""

    stream_id: StreamId


@dataclass(frozen=True, slots=True)
class MoveListener:
    """The listener is now here. Angles in degrees, ranges in metres; None falls back to the project's mode."""

    stream_id: StreamId
    position: Position
    heading: float | None = None
    width: float | None = None
    range_min: float | None = None
    range_max: float | None = None


@dataclass(frozen=True, slots=True)
class FilterTags:
    """Only these tags from now on; empty means the project's default."""

    stream_id: StreamId
    tag_ids: tuple[TagId, ...]


@dataclass(frozen=True, slots=True)
class ChooseLanguage:
    """Recordings in this language, and those without one, from now on; None: in every language."""

    stream_id: StreamId
    language_id: LanguageId | None


@dataclass(frozen=True, slots=True)
class PlayAsset:
    """Play this asset at once on one track, whatever bans it; one that is not known yet plays when it is."""

    stream_id: StreamId
    asset_id: AssetId


@dataclass(frozen=True, slots=True)
class BlockAssets:
    """These assets, all that the listener has blocked by now, are not heard any more; what plays of them fades."""

    stream_id: StreamId
    asset_ids: tuple[AssetId, ...]


@dataclass(frozen=True, slots=True)
class PauseStream:
    """Fade out what plays on the tracks and start nothing; speakers go on."""

    stream_id: StreamId


@dataclass(frozen=True, slots=True)
class ResumeStream:
    """Let the tracks start assets again."""

    stream_id: StreamId


@dataclass(frozen=True, slots=True)
class SkipAsset:
    """Fade out what plays on the tracks; one track starts its next asset at once."""

    stream_id: StreamId


@dataclass(frozen=True, slots=True)
class KeepAlive:
    """The client is still there (a heartbeat)."""

    stream_id: StreamId


@dataclass(frozen=True, slots=True)
class WatchMix:
    """Tell `events.MixPlanned` at once, and for half a minute whenever it changes; it keeps no stream alive."""

    stream_id: StreamId


@dataclass(frozen=True, slots=True)
class TellGains:
    """Tell `events.GainsChanged` as the gains are now, to who was not there to hear it; it wakes no stream."""

    stream_id: StreamId


@dataclass(frozen=True, slots=True)
class CloseStream:
    """End the stream and disconnect its listeners."""

    stream_id: StreamId


@dataclass(frozen=True, slots=True)
class DescribeStream:
    """A question: is this stream live in the engine? Answered by `replies.StreamDescription`."""

    stream_id: StreamId


@dataclass(frozen=True, slots=True)
class ExplainAsset:
    """A question: would this asset play for this stream now, and why (not)? Answered by `replies.AssetExplanation`."""

    stream_id: StreamId
    asset_id: AssetId


Command = (
    OpenStream
    | MoveListener
    | FilterTags
    | ChooseLanguage
    | PlayAsset
    | BlockAssets
    | PauseStream
    | ResumeStream
    | SkipAsset
    | KeepAlive
    | WatchMix
    | TellGains
    | CloseStream
    | DescribeStream
    | ExplainAsset
)
