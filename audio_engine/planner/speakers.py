"""The speakers of one session: looped in step with the wall clock, gliding to where the listener stands."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from audio_engine.planner.grid import NEVER
from audio_engine.planner.lines import Glide
from audio_engine.soundscape import (
    GRANULE_FRAMES,
    TICK_GRANULES,
    Soundscape,
    SourceKey,
    Sources,
    SourceState,
    Voice,
)
from backend.geo.earth import Floats
from backend.ids import SpeakerId

# -60 dB: what is softer is silent.
LEAST_GAIN = 0.001


class SpeakerMix:
    """Which speakers sound, and how loud. `due` is the granule at which it wants to be asked again."""

    def __init__(self, sources: Sources) -> None:
        self._sources = sources
        self._gains: dict[SpeakerId, float] = {}
        self._keys: dict[SpeakerId, tuple[SourceKey, ...]] = {}
        self._sounding: dict[tuple[SpeakerId, SourceKey], _Loop] = {}
        self.due = NEVER

    @property
    def gains(self) -> dict[SpeakerId, float]:
        """What the speakers glide to; those left out are silent."""
        return self._gains

    @property
    def is_waiting(self) -> bool:
        """Whether a speaker is silent only because its sound is still in preparation."""
        heard = {speaker_id for speaker_id, _ in self._sounding}
        keys = [key for speaker_id in self._gains if speaker_id not in heard for key in self._keys[speaker_id][:1]]
        return any(self._sources.state(key) is SourceState.PENDING for key in keys)

    def aim(self, soundscape: Soundscape, gains: Floats, *, granule: int) -> bool:
        """Let all speakers glide to these gains; returns whether any of them is new."""
        before = self._gains
        audible = np.flatnonzero(gains >= LEAST_GAIN).tolist()
        ids = soundscape.speakers.ids
        self._gains = {ids[index]: float(gains[index]) for index in audible}
        self._keys = {ids[index]: soundscape.speaker_sources[index].keys() for index in audible}
        for (speaker_id, key), loop in self._sounding.items():
            is_wanted = key in self._keys.get(speaker_id, ())
            loop.glide.go_to(self._gains[speaker_id] if is_wanted else 0.0, granule=granule)
        self.poll(granule)
        return self._gains != before

    def poll(self, granule: int) -> None:
        """Let the speakers in that were waiting for their sound."""
        heard = {speaker_id for (speaker_id, _), loop in self._sounding.items() if loop.glide.target}
        waiting = [speaker_id for speaker_id in self._gains if speaker_id not in heard]
        entered = [self._enter(speaker_id, granule) for speaker_id in waiting]
        self.due = NEVER if all(entered) else granule + TICK_GRANULES

    def voices(self, first: int, granules: int) -> Iterator[Voice]:
        """All speakers that are heard in this block."""
        for ended in [name for name, loop in self._sounding.items() if loop.is_over_at(first)]:
            del self._sounding[ended]
        for (_, key), loop in self._sounding.items():
            yield Voice(key, first * GRANULE_FRAMES % loop.frames, True, loop.gains(first, granules))

    def _enter(self, speaker_id: SpeakerId, granule: int) -> bool:
        """Whether the speaker sounds now. A broken source gives way to the next, one in preparation does not."""
        for key in self._keys[speaker_id]:
            state = self._sources.state(key)
            if state is SourceState.PENDING:
                return False
            pcm = self._sources.pcm(key) if state is SourceState.READY else None
            if pcm is not None and len(pcm):
                loop = self._sounding.setdefault((speaker_id, key), _Loop(len(pcm)))
                loop.glide.go_to(self._gains[speaker_id], granule=granule)
                return True
        return False


class _Loop:
    """One looped source and its glide; the gains of a still one are kept."""

    __slots__ = ("_still", "frames", "glide")

    def __init__(self, frames: int) -> None:
        self.frames = frames
        self.glide = Glide()
        self._still = np.zeros((0, 2), dtype=np.float32)

    def is_over_at(self, granule: int) -> bool:
        return self.glide.target == 0 and self.glide.is_still_at(granule)

    def gains(self, first: int, granules: int) -> NDArray[np.float32]:
        """The same on both sides: speakers are not panned."""
        if not self.glide.is_still_at(first):
            levels = self.glide.levels(np.arange(first, first + granules + 1))
            return np.repeat(levels.astype(np.float32)[:, None], 2, axis=1)
        if len(self._still) != granules + 1 or self._still[0, 0] != np.float32(self.glide.target):
            self._still = np.full((granules + 1, 2), self.glide.target, dtype=np.float32)
        return self._still
