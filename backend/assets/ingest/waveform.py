"""The outline of a recording, for drawing."""

import numpy as np
from numpy.typing import NDArray

from backend.assets.ingest.limits import WAVEFORM_POINTS
from backend.assets.ingest.result import Waveform
from backend.decoding.decode import SAMPLE_RATE


class Outline:
    """Gathers the peaks of a sound that comes in pieces."""

    def __init__(self, frames: int) -> None:
        """`frames`: of the whole sound."""
        self.samples_per_pixel = max(2, -(-frames // WAVEFORM_POINTS))
        self._peaks: list[NDArray[np.int16]] = []

    def add(self, piece: NDArray[np.int16]) -> None:
        """The next piece, shape (frames, channels): whole pixels, only the last may end within one."""
        mono: NDArray[np.float32] = np.mean(piece, axis=1, dtype=np.float32)
        starts = np.arange(0, len(mono), self.samples_per_pixel)
        lowest, highest = np.minimum.reduceat(mono, starts), np.maximum.reduceat(mono, starts)
        # The upper eight of sixteen bits, rounded down as a shift would.
        self._peaks.append(np.floor(np.stack([lowest, highest], axis=1) / 256).astype(np.int16))

    def waveform(self) -> Waveform:
        """Of all pieces so far."""
        data = np.concatenate(self._peaks)
        return Waveform(
            version=2,
            channels=1,
            sample_rate=SAMPLE_RATE,
            samples_per_pixel=self.samples_per_pixel,
            bits=8,
            length=len(data),
            data=data.ravel().tolist(),
        )
