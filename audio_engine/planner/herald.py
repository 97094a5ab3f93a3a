"""What a session tells the world: its events, in order, until somebody takes them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from audio_engine.planner.clip import Clip
from audio_engine.planner.grid import seconds_of
from audio_engine.soundscape import SAMPLE_RATE
from backend.bus.events import (
    AssetEnded,
    AssetStarted,
    GainsChanged,
    ListenerMoved,
    RangeEntered,
    RangeLeft,
    SpeakerGain,
    StreamEvent,
    StreamPaused,
    StreamResumed,
)
from backend.geo.position import Position
from backend.ids import AudiotrackId, ProjectId, SpeakerId, StreamId

# The wall time of a granule, in UTC.
WallClock = Callable[[int], datetime]


@dataclass(frozen=True, slots=True)
class NothingFound:
    """A track wanted to start an asset, and there was none: what players show says so, and nobody else is told."""

    audiotrack_id: AudiotrackId


class Herald:
    """Collects the events of one session, and among them what is no event to the world."""

    def __init__(self, stream_id: StreamId, project_id: ProjectId, wall_clock: WallClock) -> None:
        self._stream_id = stream_id
        self._project_id = project_id
        self._wall_clock = wall_clock
        self._events: list[StreamEvent | NothingFound] = []

    def take(self) -> list[StreamEvent | NothingFound]:
        """All events since the last time, in the order in which they happened."""
        events, self._events = self._events, []
        return events

    def listener_moved(self, position: Position, heading: float | None) -> None:
        """The listener is there now."""
        self._events.append(ListenerMoved(self._stream_id, self._project_id, position, heading))

    def gains_changed(self, gains: Mapping[SpeakerId, float]) -> None:
        """The speakers glide to these gains."""
        pairs = tuple(SpeakerGain(speaker_id, gain) for speaker_id, gain in gains.items())
        self._events.append(GainsChanged(self._stream_id, self._project_id, pairs))

    def asset_started(self, track_id: AudiotrackId, clip: Clip) -> None:
        """The clip plays from its first granule on."""
        self._events.append(
            AssetStarted(
                self._stream_id,
                self._project_id,
                play_id=clip.play_id,
                asset_id=clip.passage.asset_id,
                audiotrack_id=track_id,
                started_at=self._wall_clock(clip.start),
                offset_seconds=clip.offset_frames / SAMPLE_RATE,
                planned_seconds=seconds_of(clip.end - clip.start),
            )
        )

    def asset_ended(self, track_id: AudiotrackId, clip: Clip, *, granule: int) -> None:
        """The clip has played until this granule."""
        self._events.append(
            AssetEnded(
                self._stream_id,
                self._project_id,
                play_id=clip.play_id,
                asset_id=clip.passage.asset_id,
                audiotrack_id=track_id,
                played_seconds=seconds_of(granule - clip.start),
            )
        )

    def nothing_found(self, track_id: AudiotrackId) -> None:
        """The track has begun to wait for an asset that it may start."""
        self._events.append(NothingFound(track_id))

    def range_left(self) -> None:
        """The listener is too far from all speakers."""
        self._events.append(RangeLeft(self._stream_id, self._project_id))

    def range_entered(self) -> None:
        """The listener is back."""
        self._events.append(RangeEntered(self._stream_id, self._project_id))

    def paused(self) -> None:
        """The tracks are silent from now on."""
        self._events.append(StreamPaused(self._stream_id, self._project_id))

    def resumed(self) -> None:
        """The tracks play again."""
        self._events.append(StreamResumed(self._stream_id, self._project_id))
