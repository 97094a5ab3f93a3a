"""Frozen values: all that the engine knows of a project, and what its rooms hand to each other."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum, StrEnum
from typing import NamedTuple, NewType, Protocol

import numpy as np
from numpy.typing import NDArray

from backend.hearing.assets import AssetField
from backend.hearing.speakers import SpeakerField
from backend.hearing.tags import TagRule
from backend.ids import AssetId, AudiotrackId, ProjectId, TagId

SAMPLE_RATE = 44_100
# One MP3 frame (ISO 11172-3, layer III, MPEG-1). All planned times lie on this grid.
GRANULE_FRAMES = 1_152
TICK_GRANULES = 8

# Names a sound: "file:" and an absolute path in the media directory, or an http(s) URL.
SourceKey = NewType("SourceKey", str)


class SourceState(Enum):
    """Whether a sound can be mixed now."""

    READY = "ready"
    PENDING = "pending"
    BROKEN = "broken"


class Sources(Protocol):
    """The decoded sounds, as planner and renderer see them."""

    def state(self, key: SourceKey) -> SourceState:
        """Asking for a sound that is not known yet starts its preparation. Never waits."""

    def pcm(self, key: SourceKey) -> NDArray[np.int16] | None:
        """The sound: C-contiguous, shape (frames, 1 or 2), memory-mapped; None unless READY. Never waits."""


class Voice(NamedTuple):
    """One sound in one block of one session.

    `offset` is the source's frame at the block's first frame; frames outside a source that is not looped are
    silence, so it may be negative. `gains` is float32, shape (granules + 1, 2): left and right, linear, at each
    granule's boundary and straight in between; the first row is the last row of this voice's previous block.
    """

    source: SourceKey
    offset: int
    is_looped: bool
    gains: NDArray[np.float32]


class Ordering(StrEnum):
    """Which asset plays first."""

    BY_LIKE = "by_like"
    BY_WEIGHT = "by_weight"
    RANDOM = "random"


class RepeatMode(StrEnum):
    """What happens when a listener has heard all that is near."""

    STOP = "stop"
    CONTINUOUS = "continuous"


class TimedPriority(StrEnum):
    """When a track plays timed assets, against those that are near; NORMAL is as the project says."""

    HIGHEST = "highest"
    NORMAL = "normal"
    LOWEST = "lowest"
    DISCARD = "discard"


@dataclass(frozen=True, slots=True)
class Range:
    """From where to where a value is drawn."""

    low: float
    high: float

    def at(self, fraction: float) -> float:
        """The value at 0 (low) to 1 (high)."""
        return self.low + (self.high - self.low) * fraction


@dataclass(frozen=True, slots=True, kw_only=True)
class Track:
    """A voice that plays one asset after another. Volumes are linear, pan -1 (left) to 1 (right)."""

    id: AudiotrackId
    is_active: bool = True
    volume: Range = Range(1.0, 1.0)
    duration_seconds: Range = Range(10.0, 30.0)
    dead_air_seconds: Range = Range(1.0, 3.0)
    fade_in_seconds: Range = Range(0.1, 0.5)
    fade_out_seconds: Range = Range(0.1, 2.0)
    pan_seconds: Range = Range(5.0, 10.0)
    pan: Range = Range(0.0, 0.0)
    tag_ids: frozenset[TagId] = frozenset()
    starts_with_silence: bool = False
    # How long an asset is not repeated.
    banned_seconds: float = 600.0
    timed_priority: TimedPriority = TimedPriority.NORMAL
    # What plays fades as soon as the listener leaves its range or its tags, and goes on there when they return.
    fades_out_when_filtered: bool = False


@dataclass(frozen=True, slots=True)
class TimedAsset:
    """An asset that may play at a time of the stream, in seconds since it began, wherever the listener is."""

    asset_id: AssetId
    start_seconds: float
    end_seconds: float


@dataclass(frozen=True, slots=True)
class SpeakerSource:
    """What a speaker sounds: the backup when the primary is broken, or absent."""

    primary: SourceKey | None
    backup: SourceKey | None = None

    def keys(self) -> tuple[SourceKey, ...]:
        """In the order of preference."""
        return tuple(key for key in (self.primary, self.backup) if key is not None)


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Soundscape:
    """One project as the engine plays it, made anew whenever the project changes.

    `speaker_sources` has the order of `speakers.ids`, `asset_sources` that of `assets.ids`; `asset_titles` are what
    people read of an asset, of those that have a description.
    """

    project_id: ProjectId
    name: str = ""
    speakers: SpeakerField
    speaker_sources: Sequence[SpeakerSource]
    assets: AssetField
    asset_sources: Sequence[SourceKey]
    asset_titles: Mapping[AssetId, str] = field(default_factory=dict)
    tracks: Sequence[Track] = ()
    tag_rule: TagRule = field(default_factory=TagRule)
    timed_assets: Sequence[TimedAsset] = ()
    ordering: Ordering = Ordering.RANDOM
    repeat_mode: RepeatMode = RepeatMode.STOP
    timed_assets_first: bool = True
    recording_radius_metres: float | None = None
    out_of_range_metres: float = 1000.0
    # Loops instead of all else for a listener who is that far from every speaker.
    out_of_range_source: SourceKey | None = None

    def source_keys(self) -> set[SourceKey]:
        """Everything that may sound in this project."""
        return {*self.speaker_keys(), *self.asset_sources}

    def speaker_keys(self) -> set[SourceKey]:
        """What may sound as soon as somebody listens."""
        speakers = {key for source in self.speaker_sources for key in (source.primary, source.backup) if key}
        return speakers if self.out_of_range_source is None else {*speakers, self.out_of_range_source}
