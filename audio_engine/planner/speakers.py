"""The speakers of one session: looped in step with the wall clock, gliding to where the listener stands."""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from audio_engine.planner.grid import NEVER
from audio_engine.planner.lines import CROSS_FADE_PER_GRANULE, Glide, Levels
from audio_engine.soundscape import (
    GRANULE_FRAMES,
    TICK_GRANULES,
    SourceKey,
    Sources,
    SourceState,
    SpeakerSource,
    Voice,
)
from backend.ids import SpeakerId

# -60 dB: what is softer is silent.
LEAST_GAIN = 0.001


class Wanted(NamedTuple):
    """What shall be heard of a speaker: its sound, and how loud, linear."""

    gain: float
    source: SpeakerSource


class SpeakerMix:
    """Which speakers sound, and how loud. `due` is the granule at which it wants to be asked again."""

    def __init__(self, sources: Sources) -> None:
        self._sources = sources
        self._wanted: Mapping[SpeakerId, Wanted] = {}
        self._sounding: dict[SpeakerId, list[Loop]] = {}
        # What each sounding speaker's sound was chosen of.
        self._settled: dict[SpeakerId, SpeakerSource] = {}
        self.due = NEVER

    @property
    def is_waiting(self) -> bool:
        """Whether a speaker is silent only because its sound is still in preparation."""
        silent = [wanted.source.keys()[:1] for speaker, wanted in self._wanted.items() if speaker not in self._sounding]
        return any(self._sources.state(key) is SourceState.PENDING for keys in silent for key in keys)

    def aim(self, wanted: Mapping[SpeakerId, Wanted], *, granule: int) -> None:
        """Let all speakers glide to these gains; those left out to silence."""
        self._wanted = wanted
        for speaker_id, loops in self._sounding.items():
            gain = wanted[speaker_id].gain if speaker_id in wanted else 0.0
            for loop in loops:
                loop.glide.go_to(gain, granule=granule)
        self.poll(granule)

    def poll(self, granule: int) -> None:
        """Let the speakers in that were waiting for their sound."""
        is_settled = True
        for speaker_id, wanted in self._wanted.items():
            if self._settled.get(speaker_id) is not wanted.source:
                is_settled &= self._settle(speaker_id, wanted, granule)
        self.due = NEVER if is_settled else granule + TICK_GRANULES

    def voices(self, first: int, granules: int) -> list[Voice]:
        """All speakers that are heard in this block."""
        voices, over, frame = [], [], first * GRANULE_FRAMES
        for speaker_id, loops in self._sounding.items():
            for loop in loops:
                if loop.is_over_at(first):
                    over.append(speaker_id)
                else:
                    voices.append(Voice(loop.key, frame % loop.frames, True, loop.gains(first, granules)))
        for speaker_id in over:
            self._drop_silent(speaker_id, first)
        return voices

    def loops(self) -> list[tuple[SpeakerId, "Loop"]]:
        """All that sounds, and of which speaker."""
        return [(speaker_id, loop) for speaker_id, loops in self._sounding.items() for loop in loops]

    def _drop_silent(self, speaker_id: SpeakerId, granule: int) -> None:
        loops = [loop for loop in self._sounding.pop(speaker_id, ()) if not loop.is_over_at(granule)]
        if loops:
            self._sounding[speaker_id] = loops
        else:
            self._settled.pop(speaker_id, None)

    def _settle(self, speaker_id: SpeakerId, wanted: Wanted, granule: int) -> bool:
        """Whether it has its sound. A broken one gives way to the next; for one in preparation, what sounds goes on."""
        keys = wanted.source.keys()
        for key in keys:
            state = self._sources.state(key)
            if state is SourceState.PENDING:
                return False
            pcm = self._sources.pcm(key) if state is SourceState.READY else None
            if pcm is not None and len(pcm):
                self._turn_to(speaker_id, key, len(pcm), granule)
                loop = self._sounding[speaker_id][-1]
                loop.glide.go_to(wanted.gain, granule=granule)
                self._settled[speaker_id] = wanted.source
                return True
        for loop in self._sounding.get(speaker_id, ()):
            loop.presence.go_to(0.0, granule=granule)
        return not keys

    def _turn_to(self, speaker_id: SpeakerId, key: SourceKey, frames: int, granule: int) -> None:
        """Let this sound stand last among the speaker's, and the others give way to it."""
        loops = self._sounding.setdefault(speaker_id, [])
        others = [loop for loop in loops if loop.key != key]
        (loop,) = [loop for loop in loops if loop.key == key] or [Loop(key, frames)]
        if others and loop not in loops:
            loop.enter_beside(others[-1], granule)
        loop.presence.go_to(1.0, granule=granule)
        for other in others:
            other.presence.go_to(0.0, granule=granule)
        self._sounding[speaker_id] = [*others, loop]


class Loop:
    """One looped source: its glide to where the listener stands, and its presence beside what it replaces."""

    __slots__ = ("_still", "_still_level", "frames", "glide", "key", "presence")

    def __init__(self, key: SourceKey, frames: int) -> None:
        self.key = key
        self.frames = frames
        self.glide = Glide()
        self.presence = Glide(1.0, slope=CROSS_FADE_PER_GRANULE)
        self._still, self._still_level = np.zeros((0, 2), dtype=np.float32), 0.0

    def enter_beside(self, other: "Loop", granule: int) -> None:
        """Be as loud as the other as soon as it has given way."""
        self.glide = Glide(other.glide.level_at(granule))
        self.presence = Glide(0.0, slope=CROSS_FADE_PER_GRANULE)

    def is_over_at(self, granule: int) -> bool:
        """Whether it has become silent for good."""
        glide, presence = self.glide, self.presence
        return (not glide.target and glide.is_still_at(granule)) or (
            not presence.target and presence.is_still_at(granule)
        )

    @property
    def course(self) -> tuple[tuple[float, int], tuple[float, int]]:
        """What tells its way from all others that it has taken."""
        return self.glide.course, self.presence.course

    def levels(self, granules: NDArray[np.int64]) -> Levels:
        """How loud it is at these granules, linear."""
        return self.glide.levels(granules) * self.presence.levels(granules)

    def gains(self, first: int, granules: int) -> NDArray[np.float32]:
        """The same on both sides: speakers are not panned. Those of a still loop are kept."""
        is_present = self.presence.is_still_at(first)
        if not is_present or not self.glide.is_still_at(first):
            grid = np.arange(first, first + granules + 1)
            levels = self.glide.levels(grid) * (self.presence.target if is_present else self.presence.levels(grid))
            gains = np.empty((granules + 1, 2), dtype=np.float32)
            gains[:] = levels[:, None]
            return gains
        level = self.glide.target * self.presence.target
        if len(self._still) != granules + 1 or self._still_level != level:
            self._still, self._still_level = np.full((granules + 1, 2), level, dtype=np.float32), level
        return self._still
