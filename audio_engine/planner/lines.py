"""Levels over time that never jump: straight lines between points, and glides to a target that may change."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from audio_engine.planner.grid import GRANULES_PER_SECOND

# How long a speaker takes from silence to full level. The renderer needs 0.3 s or more (findings-engine.md 4).
GLIDE_SECONDS = 0.4
LEVEL_PER_GRANULE = 1 / (GLIDE_SECONDS * GRANULES_PER_SECOND)
# A sound that is replaced while it plays gives way to the other within a second.
CROSS_FADE_PER_GRANULE = 1 / GRANULES_PER_SECOND

Levels = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Line:
    """Values at granules, straight in between, constant before the first and after the last."""

    granules: Sequence[int]
    values: Sequence[float]

    def at(self, granules: NDArray[np.int64]) -> Levels:
        """The values at these granules."""
        return np.interp(granules, self.granules, self.values)


class Glide:
    """A level that goes to its target with a constant slope."""

    __slots__ = ("_level", "_slope", "_start", "target")

    def __init__(self, level: float = 0.0, *, slope: float = LEVEL_PER_GRANULE) -> None:
        """`slope` is a level a granule."""
        self.target = level
        self._level = level
        self._slope = slope
        self._start = 0

    @property
    def course(self) -> tuple[float, int]:
        """What tells its way from all others that it has taken: where it goes, and since when."""
        return self.target, self._start

    def level_at(self, granule: int) -> float:
        """The level at a granule that is not before the last change of target."""
        way = self.target - self._level
        return self._level + math.copysign(min(abs(way), (granule - self._start) * self._slope), way)

    def go_to(self, target: float, *, granule: int) -> None:
        """Turn to another target, from the level that is reached at this granule."""
        if target != self.target:
            self._level, self._start = self.level_at(granule), granule
            self.target = target

    def is_still_at(self, granule: int) -> bool:
        """Whether the target is reached."""
        return (granule - self._start) * self._slope >= abs(self.target - self._level)

    def levels(self, granules: NDArray[np.int64]) -> Levels:
        """The levels at these granules; the ones before the last change of target have its level."""
        way = self.target - self._level
        reach = np.minimum(np.maximum((granules - self._start) * self._slope, 0), abs(way))
        levels: Levels = self._level + reach if way > 0 else self._level - reach
        return levels
