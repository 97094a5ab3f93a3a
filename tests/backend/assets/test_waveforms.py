"""Peaks for a screen."""

import pytest

from backend.assets.waveforms import MOST_POINTS, checked_points, waveform
from backend.errors import InvalidInput


def stored(data, *, channels=1, bits=8, **overrides):
    length = len(data) // (2 * channels)
    return {
        "version": 2,
        "channels": channels,
        "sample_rate": 44_100,
        "samples_per_pixel": 441,
        "bits": bits,
        "length": length,
        "data": data,
        **overrides,
    }


def test_neighbours_become_one_point_with_the_extremes_of_both():
    shown = waveform(stored([-64, 32, -128, 127, 0, 1, -1, 64]), points=2)
    assert shown.minima == [-1.0, -0.0078]
    assert shown.maxima == [0.9922, 0.5]
    assert shown.duration_seconds == pytest.approx(0.04)


def test_a_peak_is_never_lost_and_the_points_are_as_many_as_wanted():
    data = [0, 0] * 1_000
    data[2 * 777 + 1] = 100
    shown = waveform(stored(data), points=7)
    assert (len(shown.minima), len(shown.maxima)) == (7, 7)
    assert max(shown.maxima) == 0.7812


def test_no_more_points_than_were_measured():
    shown = waveform(stored([-1, 1, -2, 2]), points=800)
    assert (shown.minima, shown.maxima) == ([-0.0078, -0.0156], [0.0078, 0.0156])


def test_channels_count_as_one_sound_and_bits_as_they_are():
    shown = waveform(stored([-16_384, 0, 0, 16_384, 0, 0, 0, 8_192], channels=2, bits=16), points=2)
    assert (shown.minima, shown.maxima) == ([-0.5, 0.0], [0.5, 0.25])


def test_a_sound_of_no_length_has_no_points():
    shown = waveform(stored([], length=0), points=10)
    assert (shown.minima, shown.maxima, shown.duration_seconds) == ([], [], 0.0)


@pytest.mark.parametrize("points", [0, -1, MOST_POINTS + 1])
def test_so_many_points_and_no_more(points):
    with pytest.raises(InvalidInput) as refusal:
        checked_points(points)
    assert refusal.value.field == "points"
