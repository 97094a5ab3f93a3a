"""The snapshot that a newcomer gets."""

from datetime import UTC, datetime, timedelta

from backend.bus.events import (
    AssetEnded,
    AssetStarted,
    GainsChanged,
    ListenerMoved,
    RangeEntered,
    RangeLeft,
    SpeakerGain,
    StreamClosed,
    StreamOpened,
    StreamPaused,
    StreamResumed,
)
from backend.geo.position import Position
from realtime.present import Present

NOON = datetime(2026, 11, 3, 12, tzinfo=UTC)


def started(play_id, *, planned_seconds=30.0):
    return AssetStarted("s", 1, play_id, 5, 7, NOON, 0.0, planned_seconds)


def present(*events):
    state = Present()
    for event in events:
        state.take(event)
    return state


def test_of_each_kind_the_last_counts():
    here, there = (ListenerMoved("s", 1, Position(60.0, longitude)) for longitude in (24.0, 25.0))
    quiet, loud = (GainsChanged("s", 1, (SpeakerGain(3, gain),)) for gain in (0.1, 0.9))
    assert present(here, quiet, there, loud).events(NOON) == [there, loud]


def test_what_plays_is_told_until_it_ends():
    one, two = started("a"), started("b")
    ended = AssetEnded("s", 1, "a", 5, 7, 12.0)
    assert present(one, two).events(NOON) == [one, two]
    assert present(one, two, ended).events(NOON) == [two]


def test_what_should_have_ended_is_not_told():
    state = present(started("a"), started("b", planned_seconds=90.0))
    assert [event.play_id for event in state.events(NOON + timedelta(seconds=31))] == ["b"]


def test_a_pause_is_told_while_it_lasts():
    paused, resumed = StreamPaused("s", 1), StreamResumed("s", 1)
    assert present(paused).events(NOON) == [paused]
    assert present(paused, resumed).events(NOON) == []


def test_being_far_away_is_told_until_the_listener_is_back():
    left, entered = RangeLeft("s", 1), RangeEntered("s", 1)
    assert present(left).events(NOON) == [left]
    assert present(left, entered).events(NOON) == []


def test_what_a_stream_was_before_it_ended_is_nothing_of_it_when_it_is_open_again():
    ended, opened = StreamClosed("s", 1, "IDLE"), StreamOpened("s", 1, 2)
    assert present(RangeLeft("s", 1), StreamPaused("s", 1), ended, opened).events(NOON) == []
