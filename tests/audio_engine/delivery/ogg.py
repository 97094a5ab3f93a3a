"""Ogg Opus as the engine makes it, in chunks of one tick, and decoded again."""

import io
import struct
from functools import cache

import av
import numpy as np
from numpy.typing import NDArray

from tests.audio_engine.encoding.test_opus import AMPLITUDE, encoder, tones

HERTZ = 440
# The steepest place of the tone: whatever steps further is a click.
STEEPEST = 1.05 * AMPLITUDE * 2 * np.pi * HERTZ / 48_000


@cache
def pages(count: int, *, bitrate_kbps: int = 96) -> tuple[bytes, ...]:
    """`count` chunks of a tone in stereo, as the encoder gives them."""
    opus = encoder(bitrate_kbps)
    return tuple(opus.encode(block) for block in tones(count, HERTZ))


def decoded(stream: bytes) -> NDArray[np.float32]:
    """Shape (frames,), the left channel, 48 kHz."""
    with av.open(io.BytesIO(stream)) as file:
        assert file.streams.audio[0].codec_context.name == "opus"
        return np.concatenate([frame.to_ndarray() for frame in file.decode(audio=0)], axis=1)[0]


def numbers(page: bytes) -> tuple[int, int, int]:
    """Frames until its end, serial number, sequence number."""
    return struct.unpack_from("<qII", page, 6)


def frames(chunks: tuple[bytes, ...]) -> int:
    """How many frames the encoder's pages last."""
    return sum(numbers(chunk)[0] for chunk in chunks)
