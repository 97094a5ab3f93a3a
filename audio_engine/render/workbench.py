"""The constants and the working memory that a thread hands to the kernel."""

import numpy as np

from audio_engine.render.kernel import (
    ENVELOPE_STEPS,
    GRANULE_FLOATS,
    LOOK_AHEAD_STEPS,
    MIX_FLOATS,
    STEPS,
    TAPS,
    THRESHOLD,
    Workbench,
)
from audio_engine.render.true_peak import interpolation_taps


def new_workbench() -> Workbench:
    """One for each thread."""
    taps = interpolation_taps(TAPS)
    # No point between samples can be higher than the samples times the sum of a row's sizes: below, none is looked for.
    highest_rise = np.abs(taps).sum(axis=1).max()
    hann = np.hanning(LOOK_AHEAD_STEPS + 2)[1:-1]
    return Workbench(
        taps=taps,
        quiet_peak=np.array([THRESHOLD / highest_rise], np.float32),
        weights=(hann / hann.sum()).astype(np.float32),
        mix=np.zeros(MIX_FLOATS, np.float32),
        peaks=np.zeros(GRANULE_FLOATS, np.float32),
        envelope=np.ones(ENVELOPE_STEPS, np.float32),
        reductions=np.zeros(STEPS + LOOK_AHEAD_STEPS, np.float32),
        levels=np.ones(STEPS + 1, np.float32),
    )
