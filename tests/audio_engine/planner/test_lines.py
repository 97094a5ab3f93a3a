import numpy as np
import pytest

from audio_engine.planner.lines import GLIDE_SECONDS, LEVEL_PER_GRANULE, Glide, Line
from audio_engine.soundscape import GRANULE_FRAMES, SAMPLE_RATE


def test_a_line_is_straight_between_its_points_and_constant_beyond():
    line = Line([10, 20, 30], [0.0, 1.0, 0.5])

    assert line.at(np.array([0, 10, 15, 20, 25, 30, 99])).tolist() == [0, 0, 0.5, 1, 0.75, 0.5, 0.5]


def test_a_glide_over_the_whole_scale_takes_its_time_and_no_longer():
    glide = Glide()
    glide.go_to(1.0, granule=100)

    seconds = np.arange(40) * GRANULE_FRAMES / SAMPLE_RATE
    levels = glide.levels(np.arange(100, 140))

    assert levels == pytest.approx(np.minimum(seconds / GLIDE_SECONDS, 1))
    assert np.diff(levels).max() * SAMPLE_RATE / GRANULE_FRAMES < 1 / 0.3


def test_a_new_target_is_reached_from_where_the_glide_is():
    glide = Glide()
    glide.go_to(1.0, granule=0)
    glide.go_to(0.0, granule=8)

    assert glide.level_at(8) == pytest.approx(8 * LEVEL_PER_GRANULE)
    assert glide.levels(np.arange(8, 18)) == pytest.approx(np.maximum(8 - np.arange(10), 0) * LEVEL_PER_GRANULE)


def test_a_glide_is_still_once_its_target_is_reached():
    glide = Glide()
    assert glide.is_still_at(0)

    glide.go_to(4.5 * LEVEL_PER_GRANULE, granule=0)

    assert not glide.is_still_at(4)
    assert glide.is_still_at(5)
    assert glide.level_at(5) == pytest.approx(4.5 * LEVEL_PER_GRANULE)
