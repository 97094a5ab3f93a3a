"""MP3 as the engine makes it, in chunks of one tick, and decoded again."""

import io
from functools import cache

import av
import numpy as np
from numpy.typing import NDArray

from audio_engine.encoding.lame import LameEncoder
from audio_engine.soundscape import GRANULE_FRAMES, SAMPLE_RATE, TICK_GRANULES

TICK_FRAMES = GRANULE_FRAMES * TICK_GRANULES
TICK_SECONDS = TICK_FRAMES / SAMPLE_RATE


@cache
def ticks(count: int, *, bitrate_kbps: int = 128, hertz: float = 440.0) -> tuple[bytes, ...]:
    """`count` chunks of a tone in stereo."""
    time = np.arange(count * TICK_FRAMES) / SAMPLE_RATE
    tone = np.round(8_000 * np.sin(2 * np.pi * hertz * time)).astype(np.int16)
    stereo = np.stack([tone, tone], axis=1)
    encoder = LameEncoder(bitrate_kbps)
    return tuple(encoder.encode(stereo[at : at + TICK_FRAMES]) for at in range(0, len(stereo), TICK_FRAMES))


def decoded(stream: bytes) -> NDArray[np.float32]:
    """Shape (frames,), the left channel. Raises when a frame begins where none should."""
    with av.open(io.BytesIO(stream), format="mp3") as file:
        parts = [frame.to_ndarray()[0] for frame in file.decode(audio=0)]
    return np.concatenate(parts).astype(np.float32)
