"""The interpolation filter against what the points between samples really are."""

import numpy as np
import pytest

from audio_engine.render.kernel import TAPS
from audio_engine.render.true_peak import interpolation_taps
from audio_engine.soundscape import SAMPLE_RATE


def test_a_constant_stays_what_it_is():
    np.testing.assert_allclose(interpolation_taps(TAPS).sum(axis=1), 1, atol=1e-6)


@pytest.mark.parametrize("hertz", [100, 1_000, 5_000, 11_025, 16_000, 18_000])
def test_a_tone_is_hardly_read_lower_than_it_is_between_its_samples(hertz):
    frames = np.arange(TAPS) - (TAPS // 2 - 1)
    turns = 2j * np.pi * hertz / SAMPLE_RATE
    for row, fraction in zip(interpolation_taps(TAPS), (0.25, 0.5, 0.75), strict=True):
        read = np.sum(row * np.exp(turns * (frames - fraction)))
        assert -0.35 < 20 * np.log10(abs(read)) < 0.65
        assert abs(np.angle(read)) < 0.03
