"""A recording as files: the .wav that is mixed, the .mp3 and the .m4a that clients play."""

import wave
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Protocol

import av
import lameenc
import numpy as np
from av.audio.frame import AudioFrame
from numpy.typing import NDArray

from backend.decoding.decode import SAMPLE_RATE

BITRATE_KBPS = 128
# Of LAME's scale; the stream's 7 is for what is encoded for one listener alone.
LAME_QUALITY = 5
# FFmpeg's other coder for AAC costs twice as much.
AAC_CODER = "fast"

Samples = NDArray[np.int16]


class Write(Protocol):
    """Takes the next piece of a sound."""

    def __call__(self, piece: Samples) -> object:
        """`piece`: C-contiguous, shape (frames, channels)."""


@contextmanager
def wav(path: Path, channels: int) -> Iterator[Write]:
    """Signed 16 bits."""
    with wave.open(str(path), "wb") as file:
        file.setnchannels(channels)
        file.setsampwidth(2)
        file.setframerate(SAMPLE_RATE)
        yield lambda piece: file.writeframes(piece.data)


@contextmanager
def mp3(path: Path, channels: int) -> Iterator[Write]:
    """At a constant bitrate."""
    lame = lameenc.Encoder()
    lame.silence()
    lame.set_channels(channels)
    lame.set_bit_rate(BITRATE_KBPS)
    lame.set_in_sample_rate(SAMPLE_RATE)
    # Unless told, LAME may choose a lower one.
    lame.set_out_sample_rate(SAMPLE_RATE)
    lame.set_quality(LAME_QUALITY)
    with path.open("wb") as file:
        yield lambda piece: file.write(lame.encode(piece))
        file.write(lame.flush())


@contextmanager
def m4a(path: Path, channels: int) -> Iterator[Write]:
    """AAC, its index first, so that a browser plays before it has all."""
    layout = "mono" if channels == 1 else "stereo"
    with av.open(str(path), "w", format="ipod", options={"movflags": "+faststart"}) as file:
        stream = file.add_stream("aac", rate=SAMPLE_RATE, options={"aac_coder": AAC_CODER})
        stream.layout, stream.bit_rate = layout, BITRATE_KBPS * 1000
        written = 0

        def write(piece: Samples) -> None:
            nonlocal written
            frame = AudioFrame.from_ndarray(piece.reshape(1, -1), "s16", layout)
            frame.rate, frame.pts = SAMPLE_RATE, written
            written += len(piece)
            file.mux(stream.encode(frame))

        yield write
        file.mux(stream.encode(None))


FORMATS = {".wav": wav, ".mp3": mp3, ".m4a": m4a}


@contextmanager
def written(paths: list[Path], channels: int) -> Iterator[list[Write]]:
    """A writer for each path, by its suffix; the files are complete after the block."""
    with ExitStack() as stack:
        yield [stack.enter_context(FORMATS[path.suffix](path, channels)) for path in paths]
