"""The sines of the project Tones: their names say the frequency in hertz."""

import numpy as np

from demo.build.signal import RATE, Signal, gain

ZONE_PEAK_DB = -12.0
# Stereo, because a mono asset in the middle is 3 dB softer: so a zone and its asset are 12 dB apart as heard.
ASSET_PEAK_DB = ZONE_PEAK_DB - 12.0
ASSET_SECONDS = 20


def sine(hz: int, seconds: int, peak_db: float) -> Signal:
    """Whole periods, since both arguments are whole: a loop of it has no seam."""
    phase = 2 * np.pi * hz * np.arange(seconds * RATE) / RATE
    return np.asarray(gain(peak_db) * np.sin(phase)[:, None] * np.ones(2))


def zone(hz: int) -> Signal:
    """What a zone loops."""
    return sine(hz, 1, ZONE_PEAK_DB)[:, :1]


def asset(hz: int) -> Signal:
    """What is heard once, at the middle of a zone."""
    return sine(hz, ASSET_SECONDS, ASSET_PEAK_DB)
