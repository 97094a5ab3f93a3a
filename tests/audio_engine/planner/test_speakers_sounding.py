"""Speakers as they are rendered: in step with the wall clock, and without a click while a source is replaced."""

import numpy as np
import pytest

from audio_engine.planner.grid import granule_at, utc_of
from audio_engine.soundscape import GRANULE_FRAMES, SAMPLE_RATE, SpeakerSource
from tests.audio_engine.planner.mixing import Both, sounds
from tests.audio_engine.planner.scenery import granules, session, soundscape, zone
from tests.audio_engine.render.session import FakeSources, sine, stereo

REPLACED, BACK = 60, 85


def hum(hertz, *, level=0.4):
    """A whole number of waves, so that the loop itself makes no step."""
    return stereo(sine(hertz, SAMPLE_RATE, level=level))


def replaced_while_it_sounds(block, *, back=False):
    sources = FakeSources(**{"speaker 1": hum(60), "another": hum(90)})
    both = Both(session(soundscape(zones=[zone(1)]), sources), sources, block=block)
    for granule, source in ((REPLACED, "another"), (BACK, "speaker 1"))[: 1 + back]:
        scape = soundscape(zones=[zone(1)], speaker_sources=[SpeakerSource(source)])
        both.until(granule).session.replace_soundscape(scape, granule=granule)
    return both.until(150).rendered()


@pytest.mark.parametrize("back", [False, True])
@pytest.mark.parametrize("block", [1, 8, 50])
def test_a_source_that_is_replaced_makes_no_click_at_any_block_size(block, back):
    sound = replaced_while_it_sounds(block, back=back)
    steepest_wave = 0.4 * 2 * np.pi * 90 / SAMPLE_RATE
    # Two that fade within a second, and each sample is rounded.
    steepest_fade = 2 * 0.4 / SAMPLE_RATE

    fading = sound[REPLACED * GRANULE_FRAMES :]
    assert np.abs(np.diff(fading, axis=0)).max() <= steepest_wave + steepest_fade + 2 / 32_768
    assert np.array_equal(sound, replaced_while_it_sounds(3, back=back))


def test_a_replaced_source_is_gone_after_a_second_and_the_other_whole():
    sound = replaced_while_it_sounds(8)
    after = (REPLACED + granules(1) + 2) * GRANULE_FRAMES
    expected = np.resize(hum(90)[:, 0], len(sound) + SAMPLE_RATE)[after : len(sound)] / 32_768

    assert sound[after:, 0] == pytest.approx(expected, abs=2 / 32_768)
    middle = sound[(REPLACED + granules(0.5)) * GRANULE_FRAMES :][:GRANULE_FRAMES]
    assert 0.2 < np.abs(middle).max() <= 0.4


def test_all_who_hear_a_speaker_hear_the_same_sample():
    sources = sounds("speaker 1")
    scape = soundscape(zones=[zone(1)])
    early = Both(session(scape, sources), sources)
    late = Both(session(scape, sources, seed=2, granule=803), sources, granule=803, block=5)

    start, end = 840 * GRANULE_FRAMES, 900 * GRANULE_FRAMES
    both = [
        each.until(910).rendered()[start - skipped : end - skipped]
        for each, skipped in ((early, 0), (late, 803 * GRANULE_FRAMES))
    ]
    assert np.abs(both[0]).max() > 0.05
    assert np.array_equal(*both)


def test_an_engine_that_was_restarted_goes_on_where_the_loops_would_be():
    noon, scape = 1_795_348_800.0, soundscape(zones=[zone(1)])
    parts = []
    for started in (noon, noon + 33.37):
        # Another process: nothing but the wall clock is the same.
        sources, first = sounds("speaker 1"), granule_at(started)
        engine = Both(session(scape, sources, granule=first), sources, granule=first)
        begin = (granule_at(noon + 35) - first) * GRANULE_FRAMES
        parts.append(engine.until(first + granules(37)).rendered()[begin : begin + SAMPLE_RATE])

    assert np.abs(parts[0]).max() > 0.05
    assert np.array_equal(*parts)


def test_granules_are_those_of_the_wall_clock():
    for moment in (0.0, 1_795_348_800.0, 1_795_348_833.37):
        late = moment - utc_of(granule_at(moment)).timestamp()
        assert -1e-5 <= late <= GRANULE_FRAMES / SAMPLE_RATE
