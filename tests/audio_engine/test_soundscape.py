from audio_engine.soundscape import Ordering, Range, RepeatMode, SpeakerSource, TimedPriority
from tests.audio_engine.planner.scenery import asset, soundscape, zone


def test_a_range_runs_from_low_to_high():
    assert [Range(2, 6).at(fraction) for fraction in (0, 0.25, 1)] == [2, 3, 6]


def test_a_speakers_sources_go_in_the_order_of_preference():
    assert SpeakerSource("uri", "backup").keys() == ("uri", "backup")
    assert SpeakerSource(None, "backup").keys() == ("backup",)
    assert SpeakerSource(None).keys() == ()


def test_choices_are_named_as_they_are_stored():
    assert Ordering("by_weight") is Ordering.BY_WEIGHT
    assert RepeatMode("continuous") is RepeatMode.CONTINUOUS
    assert TimedPriority("discard") is TimedPriority.DISCARD


def test_the_out_of_range_sound_is_one_of_those_that_may_sound():
    scape = soundscape(zones=[zone(1)], assets=[asset(2)], out_of_range_source="far")

    assert scape.speaker_keys() == {"speaker 1", "backup 1", "far"}
    assert scape.source_keys() == {"speaker 1", "backup 1", "far", "asset 2"}
