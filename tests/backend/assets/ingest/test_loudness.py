import numpy as np
import pytest

from backend.assets.ingest.loudness import integrated_lufs, levelling_gain_db, true_peak_db
from tests.backend.assets.ingest import listening


def sine(hertz, *, seconds, amplitude=1.0, phase=0.0):
    """int16, shape (frames, 1)."""
    time = np.arange(round(seconds * 44_100)) / 44_100
    return np.round(32_767 * amplitude * np.sin(2 * np.pi * hertz * time + phase)).astype(np.int16)[:, np.newaxis]


def speech(seconds):
    """Noise that comes and goes, in two channels of different loudness."""
    rng = np.random.default_rng(3)
    loudness = 3_000 * rng.random(round(seconds * 5)).repeat(8_820) ** 4
    return np.round(rng.standard_normal((len(loudness), 2)) * loudness[:, np.newaxis] * [1, 0.3]).astype(np.int16)


def test_the_tone_of_the_standard_measures_as_the_standard_says():
    # ITU-R BS.1770-4, annex 1: a full-scale tone of 997 Hz in one channel is -3.01 LKFS.
    assert integrated_lufs(sine(997, seconds=3)) == pytest.approx(-3.01, abs=0.05)


@pytest.mark.parametrize("seconds", [0.4, 1.0, 30.2, 61.0])
def test_parts_measure_as_the_whole(seconds):
    sound = speech(seconds)
    assert integrated_lufs(sound) == pytest.approx(listening.lufs(sound), abs=0.005)


def test_silence_within_a_recording_does_not_count():
    sound = speech(4)
    pauses = np.concatenate([sound, np.zeros((4 * 44_100, 2), np.int16)])
    assert integrated_lufs(pauses) == pytest.approx(integrated_lufs(sound), abs=0.3)


def test_a_click_is_as_loud_as_its_repetition():
    click = sine(1_000, seconds=0.02, amplitude=0.5)
    assert integrated_lufs(click) == pytest.approx(listening.lufs(np.tile(click, (100, 1))), abs=0.1)


def test_nothing_is_infinitely_quiet():
    assert integrated_lufs(np.zeros((44_100, 2), np.int16)) == -np.inf
    assert true_peak_db(np.zeros((44_100, 2), np.int16)) == -np.inf


def test_a_peak_between_two_samples_is_found():
    # At a quarter of the rate, an eighth of a turn off: every sample stands at 0.71 of the peak.
    sound = sine(11_025, seconds=1, amplitude=0.5, phase=np.pi / 4)
    assert 20 * np.log10(np.abs(sound).max() / 32_768) == pytest.approx(-9.03, abs=0.01)
    assert true_peak_db(sound[1_000:-1_000]) == pytest.approx(-6.02, abs=0.15)


def test_the_seams_of_the_search_add_no_peak_and_hide_none():
    sound = speech(3)
    assert true_peak_db(sound) == pytest.approx(listening.true_peak_db(sound), abs=0.3)
    sound[4_410 - 1 : 4_410 + 1] = 30_000
    assert true_peak_db(sound) == pytest.approx(listening.true_peak_db(sound), abs=0.3)


def test_the_gain_is_what_brings_the_loudness_to_its_target():
    sound = sine(1_000, seconds=1, amplitude=0.05)
    assert levelling_gain_db(sound) == pytest.approx(-18 - integrated_lufs(sound), abs=0.01)


def test_the_ceiling_comes_before_the_target():
    sound = sine(1_000, seconds=1, amplitude=0.01)
    sound[20_000] = 30_000
    assert levelling_gain_db(sound) == pytest.approx(-1 - true_peak_db(sound), abs=0.01)
