"""Frozen values: all that the engine knows of a project, and what its rooms hand to each other."""

from dataclasses import dataclass
from enum import Enum
from typing import NewType, Protocol

import numpy as np
from numpy.typing import NDArray

SAMPLE_RATE = 44_100
# One MP3 frame (ISO 11172-3, layer III, MPEG-1). All planned times lie on this grid.
GRANULE_FRAMES = 1_152
TICK_GRANULES = 8

# Names a sound: "file:" and an absolute path in the media directory, or an http(s) URL.
SourceKey = NewType("SourceKey", str)


class SourceState(Enum):
    """Whether a sound can be mixed now."""

    READY = "ready"
    PENDING = "pending"
    BROKEN = "broken"


class Sources(Protocol):
    """The decoded sounds, as planner and renderer see them."""

    def state(self, key: SourceKey) -> SourceState:
        """Asking for a sound that is not known yet starts its preparation. Never waits."""

    def pcm(self, key: SourceKey) -> NDArray[np.int16] | None:
        """The sound: C-contiguous, shape (frames, 1 or 2), memory-mapped; None unless READY. Never waits."""


@dataclass(frozen=True, slots=True, eq=False)
class Voice:
    """One sound in one block of one session.

    `offset` is the source's frame at the block's first frame; frames outside a source that is not looped are
    silence, so it may be negative. `gains` is float32, shape (granules + 1, 2): left and right, linear, at each
    granule's boundary and straight in between; the first row is the last row of this voice's previous block.
    """

    source: SourceKey
    offset: int
    is_looped: bool
    gains: NDArray[np.float32]
