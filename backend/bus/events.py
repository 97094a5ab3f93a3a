"""What has happened. Past-tense names; times are UTC, durations seconds, gains linear."""

from dataclasses import dataclass
from datetime import datetime

from backend.geo.position import Position
from backend.ids import AssetId, AudiotrackId, PlayId, ProjectId, SessionId, SpeakerId, StreamId, UploadId, UserId


@dataclass(frozen=True, slots=True)
class ListenerMoved:
    """The engine has taken the listener's new position."""

    stream_id: StreamId
    project_id: ProjectId
    position: Position
    heading: float | None = None


@dataclass(frozen=True, slots=True)
class SpeakerGain:
    """How loud one speaker is planned to be, linear, 0 for silent."""

    speaker_id: SpeakerId
    gain: float


@dataclass(frozen=True, slots=True)
class GainsChanged:
    """The gains that the speakers are gliding to; speakers left out are silent."""

    stream_id: StreamId
    project_id: ProjectId
    gains: tuple[SpeakerGain, ...]


@dataclass(frozen=True, slots=True)
class AssetStarted:
    """An asset began to play on a track, at `offset_seconds` of its file, for at most `planned_seconds`."""

    stream_id: StreamId
    project_id: ProjectId
    play_id: PlayId
    asset_id: AssetId
    audiotrack_id: AudiotrackId
    started_at: datetime
    offset_seconds: float
    planned_seconds: float


@dataclass(frozen=True, slots=True)
class AssetEnded:
    """An asset ended; `played_seconds` is the time it really played, also when it was skipped."""

    stream_id: StreamId
    project_id: ProjectId
    play_id: PlayId
    asset_id: AssetId
    audiotrack_id: AudiotrackId
    played_seconds: float


@dataclass(frozen=True, slots=True)
class StreamOpened:
    """A visit has begun to listen, or comes back to a stream that had ended."""

    stream_id: StreamId
    project_id: ProjectId
    session_id: SessionId


@dataclass(frozen=True, slots=True)
class StreamPaused:
    """The tracks are silent until the stream is resumed."""

    stream_id: StreamId
    project_id: ProjectId


@dataclass(frozen=True, slots=True)
class StreamResumed:
    """The tracks play again."""

    stream_id: StreamId
    project_id: ProjectId


@dataclass(frozen=True, slots=True)
class RangeLeft:
    """The listener is so far from all speakers that the project's out-of-range sound plays, and nothing else."""

    stream_id: StreamId
    project_id: ProjectId


@dataclass(frozen=True, slots=True)
class RangeEntered:
    """The listener is back, and hears the project again."""

    stream_id: StreamId
    project_id: ProjectId


@dataclass(frozen=True, slots=True)
class StreamClosed:
    """The stream has ended. `reason` is CLOSED (asked for) or IDLE (nobody listened)."""

    stream_id: StreamId
    project_id: ProjectId
    reason: str


@dataclass(frozen=True, slots=True)
class MixPoint:
    """A value so many seconds after the plan's beginning; from one point to the next it goes straight."""

    seconds: float
    value: float


@dataclass(frozen=True, slots=True)
class MixedSpeaker:
    """A speaker's sound, looped after `loop_seconds`; it is at `offset_seconds` of itself at the plan's beginning."""

    # None for what is heard far from all speakers.
    speaker_id: SpeakerId | None
    url: str
    loop_seconds: float
    offset_seconds: float
    gains: tuple[MixPoint, ...]


@dataclass(frozen=True, slots=True)
class MixedAsset:
    """A playing of an asset; it is at `offset_seconds` of its file at `starts_at`. Pans go from -1 (left) to 1."""

    play_id: PlayId
    asset_id: AssetId
    audiotrack_id: AudiotrackId
    channels: int
    offset_seconds: float
    starts_at: datetime
    ends_at: datetime
    gains: tuple[MixPoint, ...]
    pans: tuple[MixPoint, ...]


@dataclass(frozen=True, slots=True)
class MixPlanned:
    """All that sounds from `begins_at` on, for clients that mix by themselves; it takes the place of all plans before.

    Another is told whenever it changes, and before `until`. What is played `delay_seconds` after its time is known
    in time.
    """

    stream_id: StreamId
    project_id: ProjectId
    begins_at: datetime
    until: datetime
    delay_seconds: float
    speakers: tuple[MixedSpeaker, ...]
    assets: tuple[MixedAsset, ...]


@dataclass(frozen=True, slots=True)
class SoundscapeChanged:
    """Something that may sound in this project, or where, was edited: the engine reads it again."""

    project_id: ProjectId


@dataclass(frozen=True, slots=True)
class AssetAdded:
    """Somebody contributed an asset; whether others may hear it is another question."""

    project_id: ProjectId
    asset_id: AssetId
    session_id: SessionId | None


@dataclass(frozen=True, slots=True)
class AssetChanged:
    """An asset was edited or decided upon. It is public when others than its contributor may hear it."""

    project_id: ProjectId
    asset_id: AssetId
    was_public: bool
    is_public: bool


@dataclass(frozen=True, slots=True)
class AssetRemoved:
    """An asset was deleted, or is no longer of this project; who may know of it follows from what it was."""

    project_id: ProjectId
    asset_id: AssetId
    session_id: SessionId | None
    user_id: UserId | None
    was_public: bool


@dataclass(frozen=True, slots=True)
class UploadChanged:
    """An upload has come so far; `state` is one of `assets.models.UploadState`."""

    upload_id: UploadId
    project_id: ProjectId
    session_id: SessionId
    state: str
    asset_id: AssetId | None = None


@dataclass(frozen=True, slots=True)
class EngineReported:
    """How an engine does, once a second; `load` is the time it renders over the time it has, 1 for all of it."""

    engine_id: str
    at: datetime
    uptime_seconds: float
    load: float
    sessions: int
    listeners: int
    late_ticks: int
    underruns: int
    drops: int
    bank_bytes: int
    largest_lag_seconds: float


StreamEvent = (
    ListenerMoved
    | GainsChanged
    | StreamOpened
    | AssetStarted
    | AssetEnded
    | StreamPaused
    | StreamResumed
    | RangeLeft
    | RangeEntered
    | StreamClosed
)
# What editors and contributors did; the streams' own events travel by another topic, which an engine need not hear.
Change = SoundscapeChanged | AssetAdded | AssetChanged | AssetRemoved | UploadChanged
# Each has a number in its project's log, and can be asked for later.
Logged = (
    StreamOpened
    | AssetStarted
    | AssetEnded
    | StreamPaused
    | StreamResumed
    | RangeLeft
    | RangeEntered
    | StreamClosed
    | SoundscapeChanged
    | AssetAdded
    | AssetChanged
    | AssetRemoved
)
# Of these only the newest counts: they have no number.
Conflated = ListenerMoved | GainsChanged | MixPlanned | EngineReported
Event = StreamEvent | MixPlanned | EngineReported | Change
