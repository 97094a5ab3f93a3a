"""A session as a test plans it, rendered in blocks of any size; and tools to look at what came out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from audio_engine.render.kernel import DELAY_FRAMES
from audio_engine.render.lane import Lane
from audio_engine.render.shard import Job, Shard
from audio_engine.soundscape import GRANULE_FRAMES, SAMPLE_RATE, SourceKey, SourceState, Voice


class FakeSources:
    """Sounds held in memory; what is not among them is pending for ever."""

    def __init__(self, **sounds: NDArray[np.int16]) -> None:
        self.sounds: Mapping[str, NDArray[np.int16]] = sounds

    def state(self, key: SourceKey) -> SourceState:
        return SourceState.READY if key in self.sounds else SourceState.PENDING

    def pcm(self, key: SourceKey) -> NDArray[np.int16] | None:
        return self.sounds.get(key)


@dataclass
class KeepingEncoder:
    """Keeps what it is given."""

    blocks: list[NDArray[np.int16]] = field(default_factory=list)

    def encode(self, pcm: NDArray[np.int16]) -> bytes:
        self.blocks.append(pcm.copy())
        return bytes([len(self.blocks)])

    def close(self) -> bytes:
        return b""


@dataclass(frozen=True)
class PlannedVoice:
    """A voice for the whole of a test: gains at every granule's boundary."""

    source: str
    gains: NDArray[np.float32]
    offset: int = 0
    is_looped: bool = False

    def block(self, first: int, granules: int) -> Voice:
        return Voice(
            source=SourceKey(self.source),
            offset=self.offset + first * GRANULE_FRAMES,
            is_looped=self.is_looped,
            gains=self.gains[first : first + granules + 1],
        )


def steady(gain: float, granules: int) -> NDArray[np.float32]:
    return np.full((granules + 1, 2), gain, np.float32)


def glide(start: float, end: float, granules: int) -> NDArray[np.float32]:
    return np.repeat(np.linspace(start, end, granules + 1, dtype=np.float32)[:, None], 2, axis=1)


def stereo(samples: NDArray[np.float64]) -> NDArray[np.int16]:
    """Full scale is 1; the same on both sides."""
    one_side = np.clip(np.rint(samples * 32_768), -32_768, 32_767).astype(np.int16)
    return np.ascontiguousarray(np.repeat(one_side[:, None], 2, axis=1))


def sine(hertz: float, frames: int, *, level: float = 1.0, phase: float = 0.0) -> NDArray[np.float64]:
    return level * np.sin(2 * np.pi * hertz / SAMPLE_RATE * np.arange(frames) + phase)


def rendered(
    sources: FakeSources, voices: Sequence[PlannedVoice], *, granules: int, block: int = 8
) -> NDArray[np.int16]:
    """The session's sound, shape (granules * GRANULE_FRAMES, 2), in blocks of `block` granules."""
    shard, lane, encoder = Shard(sources), Lane(), KeepingEncoder()
    for first in range(0, granules, block):
        shard.render_and_encode([Job(lane, [voice.block(first, block) for voice in voices], encoder)], block)
    return np.concatenate(encoder.blocks)


def aligned(sound: NDArray[np.int16]) -> NDArray[np.int16]:
    """The sound without the limiter's delay: frame 0 is the first planned one."""
    return sound[DELAY_FRAMES:]


def true_peak(sound: NDArray[np.int16]) -> float:
    """The highest of four times as many samples, 1 is full scale; by a filter eight times as long as the limiter's.

    Not asked at the first and last 64 frames, where a cut would be heard as part of the sound.
    """
    reach = 64
    at = np.arange(-4 * reach, 4 * reach + 1) / 4
    taps = np.sinc(at) * np.kaiser(at.size, 8.0)
    stuffed = np.zeros((4 * len(sound), 2))
    stuffed[::4] = sound / 32_768
    spectrum = np.fft.rfft(stuffed, axis=0) * np.fft.rfft(taps, len(stuffed))[:, None]
    # The filter's beginning holds what went round from the end.
    return float(np.abs(np.fft.irfft(spectrum, len(stuffed), axis=0)[8 * reach :]).max())
