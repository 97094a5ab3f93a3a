"""Where a clip stands between left and right, and the two gains that put it there."""

import math
from random import Random

import numpy as np
from numpy.typing import NDArray

from audio_engine.planner.grid import granules_of
from audio_engine.planner.lines import Levels, Line
from audio_engine.soundscape import Range, Track

# A faster walk would be heard as a tremolo.
SHORTEST_LEG_SECONDS = 0.5


def pan_walk(track: Track, *, start: int, end: int, random: Random) -> Line:
    """A walk from one drawn position to the next, from granule `start` until `end` at least."""
    reach = Range(max(track.pan.low, -1.0), min(track.pan.high, 1.0))
    if reach.low == reach.high:
        return Line([start], [reach.low])
    granules, positions = [start], [reach.at(random.random())]
    while granules[-1] < end:
        seconds = max(track.pan_seconds.at(random.random()), SHORTEST_LEG_SECONDS)
        granules.append(granules[-1] + granules_of(seconds))
        positions.append(reach.at(random.random()))
    return Line(granules, positions)


def panned(levels: Levels, positions: Levels, *, channels: int) -> NDArray[np.float32]:
    """Left and right gains, shape (n, 2), of equal power: at the centre -3 dB for mono and 0 dB for stereo."""
    angles = (positions + 1) * (math.pi / 4)
    gains = np.empty((len(levels), 2), dtype=np.float32)
    loudness = levels if channels == 1 else levels * math.sqrt(2)
    gains[:, 0] = loudness * np.cos(angles)
    gains[:, 1] = loudness * np.sin(angles)
    return gains
