"""One session's rendering state: less than 2 KiB from one block to the next."""

import numpy as np

from audio_engine.render.kernel import DELAY_FLOATS, DELAY_FRAMES, LANE_FLOATS

_TO_SILENCE = np.repeat(np.linspace(1, 0, DELAY_FRAMES, dtype=np.float32), 2)


class Lane:
    """Starts in silence with the limiter at rest. Its memory is the kernel's while a block is rendered."""

    __slots__ = ("address", "memory")

    def __init__(self) -> None:
        self.memory = np.zeros(LANE_FLOATS, np.float32)
        self.memory[DELAY_FLOATS:] = 1
        self.address = self.memory.ctypes.data

    def fade_out(self) -> None:
        """What was rendered and has not sounded yet ends in silence: what comes next does not go on from it."""
        self.memory[:DELAY_FLOATS] *= _TO_SILENCE
