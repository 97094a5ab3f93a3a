"""MP3 at a constant bitrate, by LAME."""

import lameenc
import numpy as np
from numpy.typing import NDArray

from audio_engine.encoding.mp3_frames import split_frames
from audio_engine.soundscape import SAMPLE_RATE
from backend.errors import Unsupported

BITRATES_KBPS = (64, 80, 96, 112, 128, 160, 192, 224, 256, 320)
# The knee of LAME's own scale: 5 costs twice as much, 9 saves nothing.
QUALITY = 7


class LameEncoder:
    """One stream's encoder. Its frames share a bit reservoir: one that is lost spoils the next."""

    def __init__(self, bitrate_kbps: int) -> None:
        if bitrate_kbps not in BITRATES_KBPS:
            raise Unsupported(f"MP3 has no bitrate of {bitrate_kbps} kbit/s here.", field="bitrate")
        self._lame = lameenc.Encoder()
        self._lame.silence()
        self._lame.set_channels(2)
        self._lame.set_bit_rate(bitrate_kbps)
        self._lame.set_in_sample_rate(SAMPLE_RATE)
        # Unless told, LAME halves the rate at 64 kbit/s.
        self._lame.set_out_sample_rate(SAMPLE_RATE)
        self._lame.set_quality(QUALITY)
        self._begun = b""

    def encode(self, pcm: NDArray[np.int16]) -> bytes:
        return self._whole_frames(self._lame.encode(pcm))

    def close(self) -> bytes:
        return self._whole_frames(self._lame.flush())

    def _whole_frames(self, data: bytearray) -> bytes:
        # LAME gives what is written so far, also the beginning of a frame.
        frames, self._begun = split_frames(self._begun + data)
        return b"".join(frames)
