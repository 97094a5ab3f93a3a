"""What feeds tell that no log holds: who listens, how far an upload is, how the engines do."""

from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from backend.bus.events import SpeakerGain
from backend.errors import DomainError
from backend.geo.position import Position
from backend.ids import AssetId, PlayId, StreamId, UploadId


@dataclass(frozen=True, slots=True)
class NowPlaying:
    """One recording that a listener hears, and since when."""

    play_id: PlayId
    asset_id: AssetId
    started_at: datetime


@dataclass(frozen=True, slots=True)
class PresentListener:
    """Where somebody listens, as exactly as their project tells, and what they hear."""

    stream_id: StreamId
    position: Position | None
    heading: float | None
    is_paused: bool
    is_out_of_range: bool
    playing: tuple[NowPlaying, ...]
    gains: tuple[SpeakerGain, ...]


@dataclass(frozen=True, slots=True)
class ListenersSnapshot:
    """All who listen now: it takes the place of all that was told before."""

    listeners: tuple[PresentListener, ...]


@dataclass(frozen=True, slots=True)
class ListenersMoved:
    """Those who are elsewhere now, or hear something else."""

    listeners: tuple[PresentListener, ...]


@dataclass(frozen=True, slots=True)
class ListenerJoined:
    """Somebody begins to listen, or comes into the box."""

    listener: PresentListener


@dataclass(frozen=True, slots=True)
class ListenerLeft:
    """Somebody listens no more, or has left the box."""

    stream_id: StreamId


@dataclass(frozen=True, slots=True)
class UploadProgress:
    """How far an upload has come; `state` is one of `assets.models.UploadState`."""

    upload_id: UploadId
    state: str
    error_code: str
    error_message: str
    asset_id: AssetId | None


@dataclass(frozen=True, slots=True)
class EngineStatus:
    """What an engine said last; a silent one has not said anything for some seconds."""

    engine_id: str
    reported_at: datetime
    is_silent: bool
    uptime_seconds: float
    load: float
    sessions: int
    listeners: int
    late_ticks: int
    underruns: int
    drops: int
    bank_bytes: int
    largest_lag_seconds: float


@dataclass(frozen=True, slots=True)
class Refused:
    """Nothing more is told, and this is why: who follows may not any more, or what they follow is gone."""

    error: DomainError


News: TypeAlias = (
    ListenersSnapshot | ListenersMoved | ListenerJoined | ListenerLeft | UploadProgress | EngineStatus | Refused
)
