"""The limiter: never above full scale, at no four times oversampled point; untouched below its threshold."""

import numpy as np
import pytest
from numpy.typing import NDArray

from audio_engine.render.kernel import DELAY_FRAMES, THRESHOLD
from audio_engine.soundscape import GRANULE_FRAMES, SAMPLE_RATE
from tests.audio_engine.render.session import (
    FakeSources,
    PlannedVoice,
    aligned,
    glide,
    rendered,
    sine,
    steady,
    stereo,
    true_peak,
)

GRANULES = 40
FRAMES = GRANULES * GRANULE_FRAMES
ONE_DB_BELOW_FULL_SCALE = 10 ** (-1 / 20)
QUARTER_RATE = SAMPLE_RATE / 4


def square(hertz: float, frames: int) -> NDArray[np.float64]:
    return np.where(sine(hertz, frames, phase=0.1) >= 0, 1.0, -1.0)


def bursts(wave: NDArray[np.float64], *, on: int, off: int) -> NDArray[np.float64]:
    return wave * (np.arange(wave.size) % (on + off) < on)


def clicks(frames: int) -> NDArray[np.float64]:
    random = np.random.default_rng(3)
    wave = np.zeros(frames)
    wave[random.integers(0, frames, 200)] = random.choice([-1.0, 1.0], 200)
    return wave


def sweep(frames: int) -> NDArray[np.float64]:
    hertz = np.geomspace(20, 20_000, frames)
    return np.sin(2 * np.pi * np.cumsum(hertz) / SAMPLE_RATE)


NASTY = {
    "a quarter of the rate, peaks between samples": sine(QUARTER_RATE, FRAMES, phase=np.pi / 4) * np.sqrt(2),
    "nearly a quarter": sine(QUARTER_RATE + 3, FRAMES, phase=np.pi / 4),
    "a third": sine(SAMPLE_RATE / 3, FRAMES, phase=np.pi / 6),
    "an eighth": sine(SAMPLE_RATE / 8, FRAMES, phase=np.pi / 8),
    "low tone": sine(40, FRAMES),
    "16 kHz": sine(16_000, FRAMES),
    "low square": square(50, FRAMES),
    "high square": square(5_000, FRAMES),
    "noise": np.random.default_rng(1).uniform(-1, 1, FRAMES),
    "signs at random": np.random.default_rng(2).choice([-1.0, 1.0], FRAMES),
    "clicks": clicks(FRAMES),
    "sweep": sweep(FRAMES),
    "short bursts": bursts(sine(QUARTER_RATE, FRAMES, phase=np.pi / 4) * np.sqrt(2), on=60, off=700),
    "long bursts": bursts(square(1_000, FRAMES), on=5_000, off=3_000),
}


@pytest.mark.parametrize("name", NASTY)
def test_four_full_scale_sources_stay_a_decibel_below_full_scale_between_samples_too(name):
    voices = [PlannedVoice("wave", steady(1, GRANULES)) for _ in range(4)]
    sound = rendered(FakeSources(wave=stereo(NASTY[name])), voices, granules=GRANULES)
    assert true_peak(sound) <= ONE_DB_BELOW_FULL_SCALE


def test_four_different_sources_stay_a_decibel_below_full_scale():
    waves = dict(zip("abcd", list(NASTY.values())[4:8], strict=True))
    sources = FakeSources(**{name: stereo(wave) for name, wave in waves.items()})
    voices = [PlannedVoice(name, glide(0, 1, GRANULES)) for name in waves]
    assert true_peak(rendered(sources, voices, granules=GRANULES)) <= ONE_DB_BELOW_FULL_SCALE


def test_a_loud_mix_is_brought_to_the_threshold_and_not_far_below():
    voices = [PlannedVoice("wave", steady(1, GRANULES)) for _ in range(4)]
    sound = rendered(FakeSources(wave=stereo(sine(1_000, FRAMES))), voices, granules=GRANULES)
    assert np.abs(sound[SAMPLE_RATE // 2 :]).max() == pytest.approx(float(THRESHOLD), rel=0.02)


def test_below_the_threshold_every_bit_is_kept():
    source = stereo(sine(QUARTER_RATE, FRAMES, level=0.7, phase=np.pi / 4))
    sound = aligned(rendered(FakeSources(a=source), [PlannedVoice("a", steady(1, GRANULES))], granules=GRANULES))
    np.testing.assert_array_equal(sound, source[:-DELAY_FRAMES])


def test_a_peak_between_samples_is_limited_though_no_sample_reaches_the_threshold():
    source = stereo(sine(QUARTER_RATE, FRAMES, level=1.1, phase=np.pi / 4))
    assert np.abs(source).max() < THRESHOLD
    sound = rendered(FakeSources(a=source), [PlannedVoice("a", steady(1, GRANULES))], granules=GRANULES)
    assert true_peak(source) > 1
    assert true_peak(sound[SAMPLE_RATE // 4 :]) == pytest.approx(THRESHOLD / 32_768, rel=0.02)


def test_both_sides_are_turned_down_together():
    loud = sine(1_000, FRAMES)
    source = stereo(loud)
    source[:, 1] //= 2
    voices = [PlannedVoice("a", steady(1, GRANULES)) for _ in range(2)]
    sound = aligned(rendered(FakeSources(a=source), voices, granules=GRANULES)).astype(float)
    np.testing.assert_allclose(sound[:, 1] * 2, sound[:, 0], atol=3)


def test_the_gain_moves_without_a_step_and_ahead_of_the_peak():
    constant = np.full((FRAMES, 2), 8_000, np.int16)
    burst = np.zeros((FRAMES, 2), np.int16)
    burst[20_000:20_400] = 32_000
    voices = [PlannedVoice("a", steady(1, GRANULES)), PlannedVoice("b", steady(1, GRANULES))]
    sound = aligned(rendered(FakeSources(a=constant, b=burst), voices, granules=GRANULES)).astype(int)
    before, after = sound[:19_999, 0], sound[20_400:, 0]
    assert before[-1] < 8_000 * 0.8
    # 4 dB down within 4.4 ms, and back in some 150 ms.
    assert np.abs(np.diff(before)).max() <= 40
    assert np.abs(np.diff(after)).max() <= 2
    assert np.all(np.diff(before) <= 0)


def test_after_a_loud_moment_the_sound_is_untouched_again():
    quiet = stereo(np.random.default_rng(1).uniform(-0.3, 0.3, 2 * SAMPLE_RATE + 5 * GRANULE_FRAMES))
    click = np.zeros((2_000, 2), np.int16)
    click[1_000] = 32_000
    granules = len(quiet) // GRANULE_FRAMES
    voices = [PlannedVoice("quiet", steady(1, granules))] + [PlannedVoice("click", steady(1, granules))] * 4
    sound = aligned(rendered(FakeSources(quiet=quiet, click=click), voices, granules=granules, block=1))
    assert np.any(sound[:1_000] != quiet[:1_000])
    np.testing.assert_array_equal(sound[-SAMPLE_RATE // 2 :], quiet[: len(sound)][-SAMPLE_RATE // 2 :])
