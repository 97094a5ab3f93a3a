"""44.1 kHz becomes 48 kHz without a seam, a change of level or a sound that was not there."""

import numpy as np
import pytest

from audio_engine.render.resampling import OUT_RATE, PLACES, TAPS, Resampler, interpolate
from audio_engine.soundscape import GRANULE_FRAMES, SAMPLE_RATE, TICK_GRANULES

TICK_FRAMES = GRANULE_FRAMES * TICK_GRANULES
TICKS = 200
AMPLITUDE = 0.5


def sine(hertz: float, frames: int) -> np.ndarray:
    time = np.arange(frames) / SAMPLE_RATE
    tone = np.round(AMPLITUDE * 32_768 * np.sin(2 * np.pi * hertz * time)).astype(np.int16)
    return np.stack([tone, -tone], axis=1)


def in_blocks(sound: np.ndarray, cuts: list[int]) -> np.ndarray:
    resampler = Resampler()
    return np.concatenate([resampler.resample(block) for block in np.split(sound, cuts)])


def fitted(sound: np.ndarray, hertz: float) -> tuple[float, float]:
    """The amplitude of this tone in the sound, and how many dB below it everything else is (rms)."""
    time = np.arange(len(sound)) / OUT_RATE
    waves = np.stack([np.sin(2 * np.pi * hertz * time), np.cos(2 * np.pi * hertz * time)], axis=1)
    parts = np.linalg.lstsq(waves, sound, rcond=None)[0]
    amplitude = float(np.hypot(*parts))
    rest = sound - waves @ parts
    return amplitude, 20 * np.log10(rest.std() / (amplitude / np.sqrt(2)))


def test_two_hundred_ticks_are_to_the_bit_what_one_long_block_is():
    sound = sine(997, TICKS * TICK_FRAMES)
    ticks = in_blocks(sound, [tick * TICK_FRAMES for tick in range(1, TICKS)])
    assert np.array_equal(ticks, Resampler().resample(sound))


def test_blocks_of_any_size_are_too():
    random = np.random.default_rng(1)
    noise = random.integers(-32_768, 32_768, (20_000, 2)).astype(np.int16)
    cuts = sorted(random.integers(0, len(noise), 300).tolist())
    assert 0 in np.diff(cuts) and 1 in np.diff(cuts)
    assert np.array_equal(in_blocks(noise, cuts), Resampler().resample(noise))


def test_no_time_is_lost_or_won():
    sound = np.zeros((TICK_FRAMES, 2), np.int16)
    resampler = Resampler()
    frames = [len(resampler.resample(sound)) for _ in range(TICKS)]
    assert set(frames) == {10_031, 10_032}
    assert sum(frames) == -(-TICKS * TICK_FRAMES * OUT_RATE // SAMPLE_RATE)


@pytest.mark.parametrize("hertz", [50, 440, 1_000, 10_000, 15_000, 18_000])
def test_a_tone_keeps_its_level_and_gains_nothing_beside_it(hertz):
    sound = in_blocks(sine(hertz, 20 * TICK_FRAMES), [tick * TICK_FRAMES for tick in range(1, 20)])[TAPS:]
    amplitude, rest_db = fitted(sound[:, 0].astype(np.float64), hertz)
    assert amplitude == pytest.approx(AMPLITUDE, rel=0.0005)
    # The sine in 16 bits has as much noise itself.
    assert rest_db < -91
    assert np.array_equal(sound[:, 0], -sound[:, 1])


def test_a_sound_comes_half_a_millisecond_later():
    click = np.zeros((TICK_FRAMES, 2), np.int16)
    click[441] = 20_000
    sound = Resampler().resample(click)
    assert int(np.abs(sound[:, 0]).argmax()) == round((441 + TAPS / 2) * OUT_RATE / SAMPLE_RATE)


def test_silence_stays_silence():
    assert not Resampler().resample(np.zeros((TICK_FRAMES, 2), np.int16)).any()


def test_a_block_at_a_time_reads_no_sample_outside_what_it_has():
    """As compiled code would not tell, the last place of all is tried in plain Python."""
    for place in range(0, 160, 13):
        for frames in (1, 2, 146, 147, 148):
            sound = np.ones((2, TAPS - 1 + frames), np.float32)
            out = np.empty((-(-(frames * 160 - place) // 147), 2), np.float32)
            assert interpolate.py_func(sound, PLACES, place, out) in range(160)
