from random import Random

import numpy as np
import pytest

from audio_engine.planner.clip import Passage, draw_clip
from audio_engine.soundscape import GRANULE_FRAMES, SAMPLE_RATE, Range
from tests.audio_engine.planner.scenery import granules, track

CENTRE = 0.5**0.5


def passage(start=0.0, end=20.0, *, volume=1.0, channels=1):
    return Passage(5, "asset 5", channels, start, end, volume)


def clip(passed=None, *, seed=1, granule=0, **values):
    return draw_clip(track(**values), passed or passage(), play_id="p", granule=granule, random=Random(seed))


def levels(drawn):
    """The clip's level at every granule from its start to its end."""
    length = drawn.end - drawn.start
    return np.hypot(*drawn.voice(drawn.start, length).gains.T.astype(float))


def test_a_clip_rises_stays_and_falls():
    shape = levels(clip(duration_seconds=Range(4, 4), fade_in_seconds=Range(1, 1), fade_out_seconds=Range(2, 2)))

    assert len(shape) == int(4 * SAMPLE_RATE / GRANULE_FRAMES) + 1
    assert shape[[0, 19, 38, 60, -78, -39, -1]] == pytest.approx([0, 0.5, 1, 1, 1, 0.5, 0], abs=0.02)


@pytest.mark.parametrize("seed", range(20))
def test_every_draw_is_within_its_range(seed):
    drawn = clip(
        passage(3.0, 18.0, volume=0.5),
        seed=seed,
        duration_seconds=Range(5, 9),
        volume=Range(0.4, 0.8),
        fade_in_seconds=Range(0.2, 0.6),
        fade_out_seconds=Range(1, 2),
        pan=Range(-1, 1),
    )
    shape = levels(drawn)

    seconds = (drawn.end - drawn.start) * GRANULE_FRAMES / SAMPLE_RATE
    start = drawn.offset_frames / SAMPLE_RATE
    assert 4.97 <= seconds <= 9
    assert start >= 3
    assert start + seconds <= 18.001
    assert 0.2 <= shape.max() <= 0.4
    steps = np.diff(shape)
    assert steps.max() <= shape.max() / granules(0.2) + 1e-6
    assert -steps.min() <= shape.max() / granules(1) + 1e-6


def test_draws_differ():
    drawn = [clip(seed=seed, duration_seconds=Range(5, 9)) for seed in range(10)]

    assert len({one.offset_frames for one in drawn}) == 10
    assert len({one.end for one in drawn}) > 5


def test_a_short_asset_plays_whole():
    drawn = clip(passage(2.0, 5.0), duration_seconds=Range(10, 30))

    assert drawn.offset_frames == 2 * SAMPLE_RATE
    assert drawn.end - drawn.start == int(3 * SAMPLE_RATE / GRANULE_FRAMES)


def test_durations_under_a_second_are_a_second():
    assert clip(duration_seconds=Range(0, 0.2)).end == int(SAMPLE_RATE / GRANULE_FRAMES)


def test_fades_that_are_too_long_are_a_half_each():
    shape = levels(clip(duration_seconds=Range(2, 2), fade_in_seconds=Range(9, 9), fade_out_seconds=Range(1, 1)))

    assert shape.argmax() == len(shape) // 2
    assert shape[19] == pytest.approx(0.5, abs=0.02)
    assert shape[-20] == pytest.approx(0.5, abs=0.02)


def test_fades_of_no_time_are_a_granule():
    shape = levels(clip(fade_in_seconds=Range(0, 0), fade_out_seconds=Range(0, 0)))

    assert shape[[0, 1, -2, -1]] == pytest.approx([0, 1, 1, 0], abs=1e-6)


@pytest.mark.parametrize("seconds", [0.001, 0.05, 0.1])
def test_a_scrap_of_sound_still_begins_and_ends_in_silence(seconds):
    shape = levels(clip(passage(0, seconds)))

    assert len(shape) >= 3
    assert shape[[0, -1]] == pytest.approx([0, 0], abs=1e-6)


def test_stereo_is_balanced_at_full_level_in_the_centre():
    gains = clip(passage(channels=2)).voice(60, 8).gains

    assert gains == pytest.approx(np.ones((9, 2)))
    assert clip(passage(channels=1)).voice(60, 8).gains == pytest.approx(np.full((9, 2), CENTRE))


def test_a_clip_may_begin_and_end_inside_a_block():
    drawn = clip(granule=100, duration_seconds=Range(1, 1))

    voice = drawn.voice(90, 60)

    assert voice.offset == drawn.offset_frames - 10 * GRANULE_FRAMES
    assert not voice.is_looped
    gains = voice.gains[:, 0]
    assert gains[:11].tolist() == [0] * 11
    assert (gains[11:48] > 0).all()
    assert gains[48:].tolist() == [0] * 13


def test_fading_out_ends_the_clip_without_a_step():
    drawn = clip(duration_seconds=Range(10, 10), fade_in_seconds=Range(2, 2))
    before = drawn.voice(0, 38).gains

    drawn.fade_out(19, granule=38)

    after = drawn.voice(38, 19).gains
    assert drawn.end == 57
    assert after[0] == pytest.approx(before[-1], abs=1e-6)
    assert after[-1].tolist() == [0, 0]
    assert np.abs(np.diff(after[:, 0])).max() < CENTRE / 15


def test_a_fade_may_be_hastened_without_a_step():
    drawn = clip(duration_seconds=Range(10, 10))
    drawn.fade_out(40, granule=40)
    before = drawn.voice(40, 20).gains

    drawn.fade_out(10, granule=60)

    after = drawn.voice(60, 10).gains
    assert drawn.end == 70
    assert after[0] == pytest.approx(before[-1], abs=1e-6)
    assert after[:, 0] == pytest.approx(np.linspace(CENTRE / 2, 0, 11), abs=1e-6)


def test_a_clip_that_ends_before_the_fade_would_plays_out():
    drawn = clip(duration_seconds=Range(2, 2))
    end = drawn.end

    drawn.fade_out(20, granule=end - 10)

    assert drawn.end == end
    assert levels(drawn)[-1] == 0
