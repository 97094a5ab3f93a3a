"""One playing of one asset: drawn as a whole when it starts, so that a block of it is a slice."""

from dataclasses import dataclass, field, replace
from random import Random

import numpy as np
from numpy.typing import NDArray

from audio_engine.planner.grid import GRANULES_PER_SECOND, granules_of
from audio_engine.planner.lines import Levels, Line
from audio_engine.planner.pan import pan_walk, panned
from audio_engine.soundscape import GRANULE_FRAMES, SAMPLE_RATE, Range, SourceKey, Track, Voice
from backend.ids import AssetId, PlayId

# Reference 4.5: whatever a track says, it may play this long.
SHORTEST_DRAW_SECONDS = 1.0
LONGER_THAN_ANY_SECONDS = 1e9
# A fade in and a fade out of one granule each.
FEWEST_GRANULES = 2
# How much of a clip's gains is worked out at once: 6.7 s, in 2 KiB.
WINDOW_GRANULES = 256


@dataclass(frozen=True, slots=True)
class Passage:
    """The part of a ready sound that may be played."""

    asset_id: AssetId
    source: SourceKey
    channels: int
    start_seconds: float
    end_seconds: float
    volume: float


@dataclass(frozen=True, slots=True)
class Stretch:
    """A part of a source: so many granules from this frame on."""

    offset_frames: int
    granules: int

    def within(self, passage: Passage) -> "Stretch | None":
        """What of it the passage still holds; None when that is too short to be heard."""
        frames = round(passage.end_seconds * SAMPLE_RATE) - self.offset_frames
        granules = min(self.granules, frames // GRANULE_FRAMES)
        return Stretch(self.offset_frames, granules) if granules >= FEWEST_GRANULES else None


@dataclass(slots=True, eq=False, kw_only=True)
class Clip:
    """One playing, from granule `start` to `end`; `offset_frames` is the source's frame at its start."""

    play_id: PlayId
    passage: Passage
    start: int
    end: int
    offset_frames: int
    _envelope: Line
    _pan: Line
    _fade: Line | None = None
    _window_start: int = 0
    _window: NDArray[np.float32] = field(default_factory=lambda: np.empty((0, 2), dtype=np.float32))

    @property
    def is_fading(self) -> bool:
        """Whether something lets it end before its time."""
        return self._fade is not None

    def fade_out(self, granules: int, *, granule: int) -> None:
        """Be silent so many granules after this one, unless the clip ends before that anyway."""
        if granule + granules < self.end:
            level = 1.0 if self._fade is None else float(self._fade.at(np.array(granule)))
            self._fade = Line([granule, granule + granules], [level, 0.0])
            self.end = granule + granules
            self._window = self._window[:0]

    def rest_until(self, end: int) -> Stretch:
        """What of its source would have followed, had it lasted until this granule."""
        return Stretch(self.offset_frames + (self.end - self.start) * GRANULE_FRAMES, end - self.end)

    def levels(self, granules: NDArray[np.int64]) -> Levels:
        """How loud it is at these granules, linear, before it is panned."""
        levels = self._envelope.at(granules)
        return levels if self._fade is None else levels * self._fade.at(granules)

    def pans(self, granules: NDArray[np.int64]) -> Levels:
        """Where it stands at these granules, from -1 (left) to 1 (right)."""
        return self._pan.at(granules)

    def voice(self, first: int, granules: int) -> Voice:
        """The clip in one block; it may begin or end within it."""
        index = first - self._window_start
        if index < 0 or index + granules >= len(self._window):
            self._open_window(first, max(granules, WINDOW_GRANULES))
            index = 0
        offset = self.offset_frames + (first - self.start) * GRANULE_FRAMES
        return Voice(self.passage.source, offset, False, self._window[index : index + granules + 1])

    def _open_window(self, first: int, granules: int) -> None:
        grid = np.arange(first, first + granules + 1)
        self._window_start = first
        self._window = panned(self.levels(grid), self.pans(grid), channels=self.passage.channels)


def whole(track: Track) -> Track:
    """The same track for an asset that is to be heard from its beginning to its end."""
    return replace(track, duration_seconds=Range(LONGER_THAN_ANY_SECONDS, LONGER_THAN_ANY_SECONDS))


def draw_clip(track: Track, passage: Passage, *, play_id: PlayId, granule: int, random: Random) -> Clip:
    """A playing of the passage that starts at this granule, with all that the track leaves to chance."""
    region = passage.end_seconds - passage.start_seconds
    seconds = min(region, _floored(track.duration_seconds, SHORTEST_DRAW_SECONDS).at(random.random()))
    offset_seconds = passage.start_seconds + (region - seconds) * random.random()
    granules = max(int(seconds * GRANULES_PER_SECOND), FEWEST_GRANULES)
    stretch = Stretch(round(offset_seconds * SAMPLE_RATE), granules)
    return draw_stretch(track, passage, stretch, play_id=play_id, granule=granule, random=random)


def draw_stretch(
    track: Track, passage: Passage, stretch: Stretch, *, play_id: PlayId, granule: int, random: Random
) -> Clip:
    """A playing of just this stretch of the passage."""
    end = granule + stretch.granules
    return Clip(
        play_id=play_id,
        passage=passage,
        start=granule,
        end=end,
        offset_frames=stretch.offset_frames,
        _envelope=_draw_envelope(track, passage.volume, start=granule, end=end, random=random),
        _pan=pan_walk(track, start=granule, end=end, random=random),
    )


def draw_fade_out(track: Track, random: Random) -> int:
    """How many granules the track takes to fade out: one at least, so that nothing steps."""
    return max(granules_of(track.fade_out_seconds.at(random.random())), 1)


def _draw_envelope(track: Track, volume: float, *, start: int, end: int, random: Random) -> Line:
    """Rises, stays, falls; fades that are too long together become a half each."""
    gain = max(volume * track.volume.at(random.random()), 0.0)
    fade_in = max(granules_of(track.fade_in_seconds.at(random.random())), 1)
    fade_out = draw_fade_out(track, random)
    if fade_in + fade_out >= end - start:
        return Line([start, (start + end) // 2, end], [0.0, gain, 0.0])
    return Line([start, start + fade_in, end - fade_out, end], [0.0, gain, gain, 0.0])


def _floored(drawn: Range, least: float) -> Range:
    return Range(max(drawn.low, least), max(drawn.high, least))
