"""What is mixed: levels, ramps, loops, beginnings and ends."""

import numpy as np
import pytest
from numpy.typing import NDArray

from audio_engine.render.kernel import DELAY_FRAMES
from audio_engine.soundscape import GRANULE_FRAMES
from tests.audio_engine.render.session import FakeSources, PlannedVoice, aligned, glide, rendered, steady

GRANULES = 16
FRAMES = GRANULES * GRANULE_FRAMES


def noise(frames: int, channels: int, *, peak: int, seed: int = 1) -> NDArray[np.int16]:
    return np.random.default_rng(seed).integers(-peak, peak + 1, (frames, channels)).astype(np.int16)


def ramp_of(gains: NDArray[np.float32]) -> NDArray[np.float64]:
    at = np.arange((len(gains) - 1) * GRANULE_FRAMES) / GRANULE_FRAMES
    return np.stack([np.interp(at, np.arange(len(gains)), gains[:, side]) for side in (0, 1)], axis=1)


def test_a_stereo_source_at_full_gain_is_itself_after_the_delay():
    source = noise(FRAMES, 2, peak=12_000)
    sound = rendered(FakeSources(a=source), [PlannedVoice("a", steady(1, GRANULES))], granules=GRANULES)
    assert not sound[:DELAY_FRAMES].any()
    np.testing.assert_array_equal(aligned(sound), source[:-DELAY_FRAMES])


def test_a_mono_source_sounds_on_both_sides_with_their_own_gains():
    source = noise(FRAMES, 1, peak=14_000)
    gains = np.tile(np.array([[0.25, 0.75]], np.float32), (GRANULES + 1, 1))
    sound = aligned(rendered(FakeSources(a=source), [PlannedVoice("a", gains)], granules=GRANULES))
    np.testing.assert_array_equal(sound, np.rint(source[:-DELAY_FRAMES] * [[0.25, 0.75]]))


def test_a_gain_glides_in_a_straight_line_between_granules():
    source = np.full((FRAMES, 1), 10_000, np.int16)
    gains = np.concatenate([glide(0, 1, 12), glide(1, 0.2, 4)[1:]])
    sound = aligned(rendered(FakeSources(a=source), [PlannedVoice("a", gains)], granules=GRANULES))
    np.testing.assert_allclose(sound / 10_000, ramp_of(gains)[:-DELAY_FRAMES], atol=1e-4)


def test_no_step_is_larger_than_the_ramp_allows():
    source = np.full((FRAMES, 2), 20_000, np.int16)
    gains = np.concatenate([glide(0, 1, 12), glide(1, 0, 4)[1:]])
    sound = rendered(FakeSources(a=source), [PlannedVoice("a", gains)], granules=GRANULES).astype(int)
    steepest = 20_000 / (4 * GRANULE_FRAMES)
    assert np.abs(np.diff(sound, axis=0)).max() <= np.ceil(steepest)


def test_voices_add_up():
    sources = FakeSources(a=noise(FRAMES, 2, peak=9_000, seed=1), b=noise(FRAMES, 1, peak=9_000, seed=2))
    voices = [PlannedVoice("a", glide(0, 0.7, GRANULES)), PlannedVoice("b", glide(0.9, 0.3, GRANULES))]
    expected = sum(sources.sounds[voice.source] * ramp_of(voice.gains) for voice in voices)
    sound = aligned(rendered(sources, voices, granules=GRANULES))
    np.testing.assert_allclose(sound, expected[:-DELAY_FRAMES], atol=0.51)


@pytest.mark.parametrize("length", [1, 7, GRANULE_FRAMES, 5_000])
def test_a_looped_source_goes_round_without_a_gap(length):
    source = noise(length, 2, peak=14_000)
    voice = PlannedVoice("a", steady(1, GRANULES), offset=12_345, is_looped=True)
    sound = aligned(rendered(FakeSources(a=source), [voice], granules=GRANULES))
    np.testing.assert_array_equal(sound, source[(12_345 + np.arange(len(sound))) % length])


def test_a_source_begins_at_its_offset_and_is_silent_after_its_end():
    source = noise(5_000, 2, peak=14_000)
    voice = PlannedVoice("a", steady(1, GRANULES), offset=100)
    sound = aligned(rendered(FakeSources(a=source), [voice], granules=GRANULES))
    np.testing.assert_array_equal(sound[:4_900], source[100:])
    assert not sound[4_900:].any()


def test_a_negative_offset_is_silence_before_the_source_begins():
    source = noise(5_000, 2, peak=14_000)
    voice = PlannedVoice("a", steady(1, GRANULES), offset=-3 * GRANULE_FRAMES - 10)
    sound = aligned(rendered(FakeSources(a=source), [voice], granules=GRANULES))
    begin = 3 * GRANULE_FRAMES + 10
    assert not sound[:begin].any()
    np.testing.assert_array_equal(sound[begin : begin + 5_000], source)


def session_of_everything() -> tuple[FakeSources, list[PlannedVoice]]:
    """Loops, a late start, an end, random gains: loud enough for the limiter to work."""
    random = np.random.default_rng(5)
    sources = FakeSources(
        bed=noise(7_001, 2, peak=32_000, seed=1),
        tiny=noise(3, 1, peak=20_000, seed=2),
        clip=noise(9_999, 1, peak=32_000, seed=3),
    )
    gains = [random.uniform(0, 1, (GRANULES + 1, 2)).astype(np.float32) for _ in range(3)]
    return sources, [
        PlannedVoice("bed", gains[0], offset=-5_555, is_looped=True),
        PlannedVoice("tiny", gains[1], is_looped=True),
        PlannedVoice("clip", gains[2], offset=-2 * GRANULE_FRAMES),
    ]


@pytest.mark.parametrize("block", [4, 8])
def test_the_block_size_cannot_be_heard(block):
    sources, voices = session_of_everything()
    one_by_one = rendered(sources, voices, granules=GRANULES, block=1)
    np.testing.assert_array_equal(rendered(sources, voices, granules=GRANULES, block=block), one_by_one)
