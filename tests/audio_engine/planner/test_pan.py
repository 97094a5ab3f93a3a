from random import Random

import numpy as np
import pytest

from audio_engine.planner.pan import pan_walk, panned
from audio_engine.soundscape import Range
from tests.audio_engine.planner.scenery import granules, track


def walk(**values):
    return pan_walk(track(**values), start=100, end=100 + granules(60), random=Random(3))


@pytest.mark.parametrize(
    ("channels", "position", "expected"),
    [
        (1, 0, (0.7071, 0.7071)),
        (1, -1, (1, 0)),
        (1, 1, (0, 1)),
        (1, 0.5, (0.3827, 0.9239)),
        (2, 0, (1, 1)),
        (2, -1, (1.4142, 0)),
    ],
)
def test_the_power_is_the_same_everywhere(channels, position, expected):
    gains = panned(np.ones(1), np.array([float(position)]), channels=channels)

    assert gains.dtype == np.float32
    assert gains[0] == pytest.approx(expected, abs=1e-4)
    assert np.square(gains).sum() == pytest.approx(channels)


def test_the_walk_stays_within_its_range():
    positions = walk(pan=Range(-0.2, 0.7), pan_seconds=Range(1, 2)).at(np.arange(0, 5000))

    assert positions.min() >= -0.2
    assert positions.max() <= 0.7
    assert positions.max() - positions.min() > 0.5


def test_a_centred_track_stays_in_the_centre():
    """The old server drifted to the hard left here (#203)."""
    assert walk(pan=Range(0, 0)).at(np.arange(100, 3000)).tolist() == [0] * 2900


def test_the_walk_keeps_within_left_and_right():
    assert np.abs(walk(pan=Range(-5, 5)).at(np.arange(3000))).max() <= 1


def test_a_leg_takes_the_time_that_is_drawn_for_it():
    line = walk(pan=Range(-1, 1), pan_seconds=Range(5, 10))

    legs = np.diff(line.granules)
    assert legs.min() >= granules(5)
    assert legs.max() <= granules(10)
    assert line.granules[-1] >= 100 + granules(60)


def test_legs_of_no_time_are_half_a_second():
    assert set(np.diff(walk(pan=Range(-1, 1), pan_seconds=Range(0, 0)).granules)) == {granules(0.5)}
