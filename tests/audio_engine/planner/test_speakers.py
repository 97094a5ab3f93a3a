import numpy as np
import pytest

from audio_engine.planner.lines import LEVEL_PER_GRANULE
from audio_engine.soundscape import GRANULE_FRAMES, SAMPLE_RATE, SourceState, SpeakerSource
from backend.bus.events import GainsChanged, SpeakerGain
from backend.geo.position import Position
from tests.audio_engine.planner.scenery import PROJECT, STREAM, FakeSources, Take, granules, session, soundscape, zone

OUTSIDE = Position(0.0, -0.5)
# 556.6 m inside: with a fade over 1,000 m from 0.2 to 0.8 that is 0.5340 (reference 4.4).
IN_THE_FADE = Position(0.0, 0.005)


def fading(number=1):
    return zone(number, min_volume=0.2, max_volume=0.8, attenuation_metres=1000)


def take(*zones, sources=None, position=IN_THE_FADE, is_geo=True, **values):
    return Take(session(soundscape(zones=zones, **values), sources, position=position, is_geo=is_geo))


def changes(taken):
    return [{gain.speaker_id: gain.gain for gain in event.gains} for event in taken.of(GainsChanged)]


def test_a_speaker_glides_in_from_silence_to_its_gain():
    taken = take(fading()).seconds(2)

    assert taken.level("speaker 1", 0) == (0, 0)
    assert taken.level("speaker 1", 1) == pytest.approx((0.5340, 0.5340), abs=1e-4)
    steps = np.diff(taken.gains["speaker 1"][:40, 0])
    assert steps.max() == pytest.approx(LEVEL_PER_GRANULE, abs=1e-6)
    assert LEVEL_PER_GRANULE * SAMPLE_RATE / GRANULE_FRAMES * 0.3 < 1
    assert changes(taken) == [{1: pytest.approx(0.5340, abs=1e-4)}]


def test_the_event_says_what_the_speakers_glide_to():
    taken = take(zone(1), zone(2, max_volume=0.5), zone(3, max_volume=0))

    assert taken.of(GainsChanged) == [
        GainsChanged(STREAM, PROJECT, (SpeakerGain(1, 1.0), SpeakerGain(2, 0.5))),
    ]


def test_a_listener_who_walks_hears_the_gains_follow():
    taken = take(zone(1), zone(2, polygons=((((-1.0, -1.0), (0.0, -1.0), (0.0, 1.0), (-1.0, 1.0)),),)))
    taken.seconds(1).session.move(OUTSIDE, granule=taken.now)
    taken.seconds(1)

    assert taken.level("speaker 1", 0.9) == (1, 1)
    assert taken.level("speaker 2", 0.9) == (0, 0)
    assert taken.level("speaker 1", 1.9) == (0, 0)
    assert taken.level("speaker 2", 1.9) == (1, 1)
    assert changes(taken) == [{1: 1.0}, {2: 1.0}]


def test_a_silent_speaker_is_no_voice():
    taken = take(zone(1)).seconds(1)
    taken.session.move(OUTSIDE, granule=taken.now)
    taken.seconds(1)

    assert taken.session.plan(taken.now, 8) == []


def test_standing_still_changes_nothing():
    taken = take(fading()).seconds(1)
    taken.session.move(IN_THE_FADE, granule=taken.now)
    taken.seconds(1)

    assert len(changes(taken)) == 1
    assert taken.level("speaker 1", 1.01) == pytest.approx((0.5340, 0.5340), abs=1e-4)


def test_turning_back_in_the_middle_of_a_glide_makes_no_step():
    taken = take(zone(1), position=OUTSIDE)
    for number, position in enumerate([IN_THE_FADE, OUTSIDE, IN_THE_FADE, OUTSIDE] * 3):
        taken.session.move(position, granule=taken.now)
        taken.until((number + 1) * 5)
    taken.seconds(1)

    steps = np.abs(np.diff(taken.gains["speaker 1"][:, 0]))
    assert steps.max() == pytest.approx(LEVEL_PER_GRANULE, abs=1e-6)
    assert taken.gains["speaker 1"].max() == pytest.approx(5 * LEVEL_PER_GRANULE, abs=1e-6)
    assert taken.level("speaker 1", 2.5) == (0, 0)


def test_a_speaker_outside_stays_at_its_least_volume():
    assert take(fading(), position=OUTSIDE).seconds(1).level("speaker 1", 0.9) == pytest.approx((0.2, 0.2))


def test_without_geo_listening_all_speakers_are_at_their_loudest():
    taken = take(fading(), position=None, is_geo=False).seconds(1)

    assert taken.level("speaker 1", 0.9) == pytest.approx((0.8, 0.8))


@pytest.mark.parametrize("first", [0, 8, 1234])
def test_loops_keep_time_with_the_wall_clock(first):
    sources = FakeSources()
    sources.seconds["speaker 1"] = 1.5
    planned = session(soundscape(zones=[zone(1)]), sources, granule=first)

    (voice,) = planned.plan(first, 8)

    assert voice.is_looped
    assert voice.offset == first * GRANULE_FRAMES % round(1.5 * SAMPLE_RATE)


def test_a_broken_source_gives_way_to_its_backup():
    taken = take(fading(), sources=FakeSources(broken=["speaker 1"])).seconds(1)

    assert taken.level("backup 1", 0.9) == pytest.approx((0.5340, 0.5340), abs=1e-4)
    assert taken.gains["speaker 1"].max() == 0


def test_one_speaker_without_a_sound_does_not_disturb_the_others():
    sources = FakeSources(broken=["speaker 1", "backup 1"], pending=["speaker 2"])
    taken = take(zone(1), zone(2), zone(3), sources=sources).seconds(1)

    assert taken.level("speaker 3", 0.9) == (1, 1)
    assert set(taken.gains) == {"speaker 3"}


def test_a_speaker_without_any_source_is_silent():
    taken = take(zone(1), speaker_sources=[SpeakerSource(None)]).seconds(1)

    assert not taken.gains


def test_a_source_that_gets_ready_glides_in():
    sources = FakeSources(pending=["speaker 1"])
    taken = take(zone(1), sources=sources).seconds(1)
    sources.states["speaker 1"] = SourceState.READY
    taken.seconds(1)

    assert taken.gains["speaker 1"][: taken.now // 2 + 1].max() == 0
    assert np.diff(taken.gains["speaker 1"][:, 0])[: taken.now - 1].max() == pytest.approx(LEVEL_PER_GRANULE, abs=1e-6)
    assert taken.level("speaker 1", 1.9) == (1, 1)
    assert "backup 1" not in sources.asked


def replace(taken, *sources, **values):
    """Speaker 1 has these sources from now on."""
    scape = soundscape(zones=[zone(1, **values)], speaker_sources=[SpeakerSource(*sources)])
    taken.session.replace_soundscape(scape, granule=taken.now)
    return taken.now


def levels(taken, granule, *names):
    return [float(taken.gains[name][granule, 0]) for name in names]


def test_a_replaced_source_is_crossfaded_in_a_second():
    taken = take(zone(1, max_volume=0.8)).seconds(1)
    replaced = replace(taken, "another", max_volume=0.8)
    taken.seconds(2)

    for part in (0.25, 0.5, 0.75):
        expected = [0.8 * (1 - part), 0.8 * part]
        assert levels(taken, replaced + granules(part), "speaker 1", "another") == pytest.approx(expected, abs=0.02)
    assert levels(taken, replaced + granules(0.9), "speaker 1")[0] > 0.05
    assert levels(taken, replaced + granules(1) + 1, "speaker 1", "another") == pytest.approx([0, 0.8])
    assert changes(taken) == [{1: 0.8}]


def test_what_sounds_goes_on_until_its_replacement_is_there():
    sources = FakeSources(pending=["another"])
    taken = take(zone(1), sources=sources).seconds(1)
    replace(taken, "another")
    taken.seconds(2)
    assert levels(taken, taken.now, "speaker 1", "another") == [1, 0]
    sources.states.clear()
    taken.seconds(2)

    assert levels(taken, taken.now, "speaker 1", "another") == [0, 1]


def test_a_source_that_comes_back_while_it_gives_way_turns_round():
    taken = take(zone(1)).seconds(1)
    replaced = replace(taken, "another")
    taken.seconds(0.5)
    back = replace(taken, "speaker 1")
    taken.seconds(0.25)
    assert levels(taken, taken.now, "speaker 1", "another") == pytest.approx([0.75, 0.25], abs=0.05)
    taken.seconds(1)

    assert levels(taken, taken.now, "speaker 1", "another") == [1, 0]
    both = taken.gains["speaker 1"] + taken.gains["another"]
    assert both[replaced : back + granules(1), 0] == pytest.approx(1, abs=0.05)


def test_crossfading_speakers_follow_the_listener():
    taken = take(zone(1, attenuation_metres=1000)).seconds(1)
    replaced = replace(taken, "another", attenuation_metres=1000)
    taken.session.move(Position(0.0, 0.0025), granule=taken.now)
    taken.seconds(2)

    assert levels(taken, replaced, "speaker 1") == pytest.approx([0.5566], abs=1e-3)
    assert levels(taken, taken.now, "speaker 1", "another") == pytest.approx([0, 0.2783], abs=1e-3)


def test_a_speaker_that_loses_its_source_fades_out():
    taken = take(zone(1)).seconds(1)
    replace(taken, None)
    taken.seconds(1.5)

    assert taken.level("speaker 1", 1.5)[0] == pytest.approx(0.5, abs=0.02)
    assert taken.level("speaker 1", 2.1) == (0, 0)


def test_two_listeners_of_a_speaker_hear_the_same_moment_of_it():
    early = Take(session(soundscape(zones=[zone(1)])))
    late = Take(session(soundscape(zones=[zone(1)]), seed=2, granule=800), granule=800)
    early.until(880)
    late.until(880)

    assert early.offsets[872, "speaker 1"] == late.offsets[872, "speaker 1"] == 872 * GRANULE_FRAMES % (20 * 44_100)


def test_a_speaker_that_is_taken_away_glides_out():
    taken = take(zone(1), zone(2)).seconds(1)
    taken.session.replace_soundscape(soundscape(zones=[zone(2)]), granule=taken.now)
    taken.seconds(1)

    assert np.abs(np.diff(taken.gains["speaker 1"][:, 0])).max() == pytest.approx(LEVEL_PER_GRANULE, abs=1e-6)
    assert (taken.level("speaker 1", 1.9), taken.level("speaker 2", 1.9)) == ((0, 0), (1, 1))
    assert changes(taken) == [{1: 1.0, 2: 1.0}, {2: 1.0}]
