"""Compiles the kernels, or loads them from their cache on disk: in a set-up script, and before the first block."""

import numpy as np

from audio_engine.render.kernel import GRANULE_FLOATS, render_lanes
from audio_engine.render.resampling import Resampler
from audio_engine.render.workbench import new_workbench


def warm_up() -> None:
    """Seconds the first time on a machine, about one later."""
    render_lanes(
        np.zeros((0, 3), np.int64),
        np.zeros((0, 5), np.int64),
        np.zeros((0, 2, 2), np.float32),
        new_workbench(),
        np.zeros((0, 1, GRANULE_FLOATS), np.int16),
    )
    Resampler().resample(np.zeros((1, 2), np.int16))
