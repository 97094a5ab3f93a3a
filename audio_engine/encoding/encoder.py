"""What the engine asks of every encoder, whatever its format."""

from typing import Protocol

import numpy as np
from numpy.typing import NDArray


class Encoder(Protocol):
    """Turns one session's sound into its stream. Used by one thread at a time."""

    def encode(self, pcm: NDArray[np.int16]) -> bytes:
        """The frames that are whole after `pcm`, shape (frames, 2): often fewer bytes at first, never part of one."""

    def close(self) -> bytes:
        """The last frames. Nothing can be encoded afterwards."""
