from audio_engine.soundscape import Ordering, Range, RepeatMode, SpeakerSource, TimedPriority


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
