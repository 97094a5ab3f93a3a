"""What a player has of a programme that the limiter never rests on: an encoder adds to its peaks, but has the room."""

import numpy as np
import pytest

from bench.loudness import ENCODINGS, FULL_SCALE, LOUD, decoded_again, sample_peak_db, true_peak_dbtp
from bench.rendering import rendered_programme

SECONDS = 12


@pytest.fixture(scope="module")
def programme():
    """Two loops and two voices of the demo at once, twice as loud as they are."""
    return rendered_programme(gain=LOUD, seconds=SECONDS)


def test_a_loud_programme_is_a_decibel_below_full_scale_between_samples_too(programme):
    assert -2.1 < true_peak_dbtp(programme / np.float32(FULL_SCALE)) < -1


@pytest.mark.parametrize(("format", "bitrate"), ENCODINGS)
def test_a_loud_programme_is_below_full_scale_when_it_is_decoded(programme, format, bitrate):
    assert sample_peak_db(decoded_again(programme, format, bitrate)) < 0
