"""Opus in Ogg pages, by libopus."""

import ctypes
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from audio_engine.encoding.libopus import APPLICATION_AUDIO, Setting, libopus
from audio_engine.encoding.ogg_pages import page
from backend.errors import Unsupported

SAMPLE_RATE = 48_000
CHANNELS = 2
# 20 ms: what the codec is made for; shorter ones cost bits, longer ones delay.
PACKET_FRAMES = 960
MIN_BITRATE_KBPS, MAX_BITRATE_KBPS = 48, 128
# Here libopus costs what LAME does at its quality 7; 10 costs half as much again (docs/decisions/opus.md).
COMPLEXITY = 5
# RFC 6716, 3.4: no packet of one frame is larger.
MAX_PACKET_BYTES = 1_276

Resample = Callable[[NDArray[np.int16]], NDArray[np.float32]]


class OpusEncoder:
    """One stream's encoder. `resample` takes the engine's sound to 48 kHz, shape (frames, 2), full scale 1.0."""

    def __init__(self, bitrate_kbps: int, resample: Resample) -> None:
        if not MIN_BITRATE_KBPS <= bitrate_kbps <= MAX_BITRATE_KBPS:
            raise Unsupported(f"Opus has no bitrate of {bitrate_kbps} kbit/s here.", field="bitrate")
        self._resample = resample
        self._codec = libopus()
        self._state = ctypes.create_string_buffer(self._codec.opus_encoder_get_size(CHANNELS))
        self._packet = ctypes.create_string_buffer(MAX_PACKET_BYTES)
        self._begun = np.empty((0, CHANNELS), np.float32)
        _checked(self._codec.opus_encoder_init(self._state, SAMPLE_RATE, CHANNELS, APPLICATION_AUDIO))
        self._tell(Setting.BITRATE, bitrate_kbps * 1_000)
        # Silence takes as many bytes as sound: browsers read by bytes, and would wait minutes for so much silence.
        self._tell(Setting.VBR, 0)
        self._tell(Setting.COMPLEXITY, COMPLEXITY)

    def encode(self, pcm: NDArray[np.int16]) -> bytes:
        return self._whole_packets(self._resample(pcm))

    def close(self) -> bytes:
        return self._whole_packets(np.zeros((-self._begun.shape[0] % PACKET_FRAMES, CHANNELS), np.float32))

    def _whole_packets(self, sound: NDArray[np.float32]) -> bytes:
        sound = np.concatenate([self._begun, sound])
        whole = len(sound) // PACKET_FRAMES * PACKET_FRAMES
        self._begun = sound[whole:].copy()
        packets = [self._encoded(sound[at : at + PACKET_FRAMES]) for at in range(0, whole, PACKET_FRAMES)]
        return page(packets, frames=whole) if packets else b""

    def _encoded(self, sound: NDArray[np.float32]) -> bytes:
        """One packet of PACKET_FRAMES. The GIL is let go meanwhile."""
        size = self._codec.opus_encode_float(
            self._state, sound.ctypes.data, PACKET_FRAMES, self._packet, MAX_PACKET_BYTES
        )
        return ctypes.string_at(self._packet, _checked(size))

    def _tell(self, setting: Setting, value: int) -> None:
        _checked(self._codec.opus_encoder_ctl(self._state, setting, ctypes.c_int32(value)))


def _checked(result: int) -> int:
    if result < 0:
        raise RuntimeError(f"libopus refused with its error {result}")
    return result
