"""The sessions of one thread: mixed in one call without the GIL, then encoded one by one, without it too."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from audio_engine.encoding.encoder import Encoder
from audio_engine.render.kernel import GRANULE_FLOATS, render_lanes
from audio_engine.render.lane import Lane
from audio_engine.render.workbench import new_workbench
from audio_engine.soundscape import GRANULE_FRAMES, SourceKey, Sources, Voice

# 24 dB; what is above is a mistake, and must not drive the limiter out of its numbers.
MAX_GAIN = 16.0


@dataclass(frozen=True, slots=True, eq=False)
class Job:
    """What one session sounds in one block."""

    lane: Lane
    voices: Sequence[Voice]
    encoder: Encoder


class _Sound(NamedTuple):
    """Where a decoded source lies; `pcm` keeps it there."""

    address: int
    frames: int
    channels: int
    pcm: NDArray[np.int16]


class Shard:
    """Renders for any number of sessions. One thread at a time; the lanes of its jobs are its own meanwhile."""

    def __init__(self, sources: Sources) -> None:
        self._sources = sources
        self._bench = new_workbench()
        self._pcm = np.empty(0, np.int16)

    def render_and_encode(self, jobs: Sequence[Job], granules: int) -> list[bytes]:
        """The next block of each job's stream, in their order. Never waits."""
        return [job.encoder.encode(pcm) for job, pcm in zip(jobs, self.render(jobs, granules), strict=True)]

    def render(self, jobs: Sequence[Job], granules: int) -> NDArray[np.int16]:
        """The next block of each job, shape (jobs, frames, 2), valid until the next call.

        DELAY_FRAMES behind what was planned. A voice whose source is not prepared is left out.
        """
        out = self._room_for(len(jobs), granules)
        # Held until the kernel has read them: the bank may let go of a sound meanwhile.
        sounds = self._sounds(jobs)
        render_lanes(*_tables(jobs, sounds, granules), self._bench, out)
        return out.reshape(len(jobs), granules * GRANULE_FRAMES, 2)

    def _sounds(self, jobs: Sequence[Job]) -> dict[SourceKey, _Sound | None]:
        keys = {voice.source for job in jobs for voice in job.voices}
        return {key: _sound(self._sources.pcm(key)) for key in keys}

    def _room_for(self, lanes: int, granules: int) -> NDArray[np.int16]:
        size = lanes * granules * GRANULE_FLOATS
        if size > self._pcm.size:
            self._pcm = np.empty(size, np.int16)
        return self._pcm[:size].reshape(lanes, granules, GRANULE_FLOATS)


def _tables(
    jobs: Sequence[Job], sounds: Mapping[SourceKey, _Sound | None], granules: int
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float32]]:
    """The kernel's lanes, voices and gains."""
    lanes: list[tuple[int, int, int]] = []
    voices: list[tuple[int, int, int, bool, int]] = []
    gains: list[NDArray[np.float32]] = []
    for job in jobs:
        first = len(voices)
        for voice in job.voices:
            if sound := sounds[voice.source]:
                voices.append((sound.address, sound.frames, sound.channels, voice.is_looped, voice.offset))
                gains.append(voice.gains)
        lanes.append((job.lane.address, first, len(voices)))
    return (
        np.array(lanes, np.int64).reshape(-1, 3),
        np.array(voices, np.int64).reshape(-1, 5),
        _joined(gains, granules),
    )


def _sound(pcm: NDArray[np.int16] | None) -> _Sound | None:
    if pcm is None:
        return None
    frames, channels = pcm.shape
    # The kernel reads memory by these numbers alone.
    if pcm.dtype != np.int16 or not pcm.flags.c_contiguous or channels not in (1, 2):
        raise ValueError(f"a source is int16, (frames, 1 or 2), contiguous; not {pcm.dtype}, {pcm.shape}")
    return _Sound(pcm.ctypes.data, frames, channels, pcm)


def _joined(gains: list[NDArray[np.float32]], granules: int) -> NDArray[np.float32]:
    """All gains, shape (voices, granules + 1, 2), and finite: what is no number is silence."""
    nothing = np.empty((0, 2), np.float32)
    joined = np.concatenate([nothing, *gains], dtype=np.float32, casting="same_kind")
    np.fmax(joined, 0, out=joined)
    np.fmin(joined, MAX_GAIN, out=joined)
    return joined.reshape(len(gains), granules + 1, 2)
