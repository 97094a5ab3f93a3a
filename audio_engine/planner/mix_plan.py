"""A session's plan for clients that mix by themselves: the lines that are rendered, as points and addresses."""

from collections.abc import Callable, Hashable, Iterator, Sequence
from typing import NamedTuple

import numpy as np

from audio_engine.planner.clip import Clip
from audio_engine.planner.grid import granules_of, seconds_of, utc_of
from audio_engine.planner.lines import Levels
from audio_engine.planner.speakers import Loop
from audio_engine.planner.surroundings import OUT_OF_RANGE
from audio_engine.soundscape import GRANULE_FRAMES, SAMPLE_RATE, SourceKey
from backend.bus.events import MixedAsset, MixedSpeaker, MixPlanned, MixPoint
from backend.ids import AudiotrackId, ProjectId, SpeakerId, StreamId

# How far a plan goes; what sounds longer is told again before.
HORIZON_GRANULES = granules_of(30.0)
# -80 dB: how far a straight line between two points may be from what is rendered.
TOLERANCE = 1e-4


class Sounding(NamedTuple):
    """What sounds from the granule `begin` on."""

    begin: int
    loops: Sequence[tuple[SpeakerId, Loop]]
    clips: Sequence[tuple[AudiotrackId, Clip]]

    def outline(self) -> Hashable:
        """Equal as long as one plan holds."""
        loops = tuple((speaker_id, loop.key, loop.course) for speaker_id, loop in self.loops)
        return loops, tuple((clip.play_id, clip.end) for _, clip in self.clips)

    def since(self, before: "Sounding") -> "Sounding":
        """The same from an earlier moment on, with what sounded then and has ended."""
        ended = [each for each in before.clips if each not in self.clips and each[1].end > before.begin]
        return self._replace(begin=before.begin, clips=[*ended, *self.clips])


def mix_plan(
    sounding: Sounding,
    stream_id: StreamId,
    project_id: ProjectId,
    *,
    delay_seconds: float,
    address: Callable[[SourceKey], str],
) -> MixPlanned:
    """All that sounds, from its beginning until the horizon; `address` says where the world fetches a source."""
    begin, until = sounding.begin, sounding.begin + HORIZON_GRANULES
    return MixPlanned(
        stream_id,
        project_id,
        begins_at=utc_of(begin),
        until=utc_of(until),
        delay_seconds=delay_seconds,
        speakers=tuple(_speakers(sounding, np.arange(begin, until + 1), address)),
        assets=tuple(_asset(track_id, clip, begin, until) for track_id, clip in sounding.clips),
    )


def _speakers(
    sounding: Sounding, grid: np.ndarray[tuple[int], np.dtype[np.int64]], address: Callable[[SourceKey], str]
) -> Iterator[MixedSpeaker]:
    for speaker_id, loop in sounding.loops:
        levels = loop.levels(grid)
        if levels.any():
            yield MixedSpeaker(
                speaker_id=None if speaker_id == OUT_OF_RANGE else speaker_id,
                url=address(loop.key),
                loop_seconds=loop.frames / SAMPLE_RATE,
                offset_seconds=sounding.begin * GRANULE_FRAMES % loop.frames / SAMPLE_RATE,
                gains=points(levels),
            )


def _asset(track_id: AudiotrackId, clip: Clip, begin: int, until: int) -> MixedAsset:
    grid = np.arange(begin, min(clip.end, until) + 1)
    return MixedAsset(
        play_id=clip.play_id,
        asset_id=clip.passage.asset_id,
        audiotrack_id=track_id,
        channels=clip.passage.channels,
        offset_seconds=clip.offset_frames / SAMPLE_RATE,
        starts_at=utc_of(clip.start),
        ends_at=utc_of(clip.end),
        gains=points(clip.levels(grid)),
        pans=points(clip.pans(grid)),
    )


def points(levels: Levels) -> tuple[MixPoint, ...]:
    """The few of these levels, one a granule, that straight lines between them need."""
    kept, open_stretches = {0, len(levels) - 1}, [(0, len(levels) - 1)]
    while open_stretches:
        first, last = open_stretches.pop()
        straight = np.linspace(levels[first], levels[last], last - first + 1)
        distances = np.abs(levels[first : last + 1] - straight)
        farthest = first + int(distances.argmax())
        if distances.max() > TOLERANCE:
            kept.add(farthest)
            open_stretches += [(first, farthest), (farthest, last)]
    return tuple(MixPoint(round(seconds_of(index), 6), round(float(levels[index]), 6)) for index in sorted(kept))
