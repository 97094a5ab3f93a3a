"""A listener who is far from all speakers hears the project's sound for that, and nothing else."""

import pytest

from audio_engine.planner.herald import NothingFound
from audio_engine.soundscape import Ordering, Range, SourceState
from backend.bus.events import AssetStarted, GainsChanged, ListenerMoved, RangeEntered, RangeLeft
from backend.geo.position import Position
from tests.audio_engine.planner.scenery import (
    HERE,
    PROJECT,
    STREAM,
    FakeSources,
    Take,
    asset,
    granule_of,
    granules,
    session,
    soundscape,
    track,
    zone,
)

# 890 m and 1,113 m from the square, whose side is at 1 degree east.
NEAR = Position(0.0, 1.008)
FAR = Position(0.0, 1.01)
LONG = {"duration_seconds": Range(15, 15)}


def take(*tracks, sources=None, listener=(), **values):
    scape = soundscape(
        **{
            "zones": [zone(1), zone(2, min_volume=0.2, max_volume=0.2)],
            "tracks": tracks or [track(**LONG)],
            "assets": [asset(1, weight=1), asset(2, weight=2), asset(3, position=FAR)],
            "ordering": Ordering.BY_WEIGHT,
            "out_of_range_metres": 1000,
            "out_of_range_source": "far",
            "recording_radius_metres": 100_000,
            **values,
        }
    )
    return Take(session(scape, sources, **dict(listener)))


def go(taken, position):
    taken.session.move(position, granule=taken.now)
    return taken.now


def starts(taken):
    return [(event.asset_id, granule_of(event.started_at)) for event in taken.of(AssetStarted)]


def test_out_of_range_no_track_looks_for_anything():
    taken = take(assets=[], listener={"position": FAR}).seconds(3)
    assert taken.of(NothingFound) == []

    go(taken, NEAR)
    assert taken.seconds(1).of(NothingFound) == [NothingFound(1)]


def test_within_the_range_everything_is_as_ever():
    taken = take().seconds(2)
    go(taken, NEAR)
    taken.seconds(2)

    assert taken.session.is_in_range
    assert taken.of(RangeLeft) == []
    assert taken.ended() == []
    assert taken.level("speaker 2", 4) == pytest.approx((0.2, 0.2))
    assert "far" not in taken.gains


def test_beyond_it_all_fades_and_the_out_of_range_sound_loops():
    taken = take().seconds(2)
    left = go(taken, FAR)
    taken.seconds(30)

    assert not taken.session.is_in_range
    assert taken.of(RangeLeft) == [RangeLeft(STREAM, PROJECT)]
    assert [event.gains for event in taken.of(GainsChanged)][1:] == [()]
    assert len(taken.started()) == len(taken.ended()) == 1
    for source in ("asset 3", "speaker 1", "speaker 2"):
        assert taken.gains[source][left + granules(0.5) :].max() == 0
    assert taken.level("far", 3) == taken.level("far", 31) == (1, 1)
    assert taken.gains["far"][: left + 1].max() == 0


def test_the_position_is_told_before_the_range():
    taken = take().seconds(1)
    go(taken, FAR)
    taken.seconds(0.1)

    kinds = [type(event) for event in taken.events if isinstance(event, ListenerMoved | RangeLeft | GainsChanged)]
    assert kinds[1:] == [ListenerMoved, RangeLeft, GainsChanged]


def test_who_comes_back_hears_the_project_again_at_once():
    taken = take().seconds(2)
    go(taken, FAR)
    taken.seconds(3)
    back = go(taken, HERE)
    taken.seconds(3)

    assert taken.of(RangeEntered) == [RangeEntered(STREAM, PROJECT)]
    assert starts(taken)[1:] == [(2, back)]
    assert taken.gains["far"][back + granules(0.5) :].max() == 0
    assert taken.level("speaker 1", 8) == (1, 1)


def test_what_its_track_lets_fade_goes_on():
    taken = take(track(**LONG, fades_out_when_filtered=True), assets=[asset(1)]).seconds(2)
    go(taken, FAR)
    taken.seconds(3)
    back = go(taken, HERE)

    assert starts(taken.seconds(1)) == [(1, 0), (1, back)]


def test_without_such_a_sound_there_is_silence():
    taken = take(out_of_range_source=None).seconds(2)
    left = go(taken, FAR)
    taken.seconds(2)

    assert all(gains[left + granules(0.5) :].max() == 0 for gains in taken.gains.values())


def test_a_session_may_begin_out_of_range():
    taken = take(listener={"position": FAR}).seconds(2)

    assert not taken.session.is_in_range
    assert (taken.of(RangeLeft), taken.of(RangeEntered)) == ([], [])
    assert list(taken.gains) == ["far"]
    back = go(taken, HERE)
    assert starts(taken.seconds(1)) == [(3, back)]
    assert len(taken.of(RangeEntered)) == 1


def test_pause_and_range_do_not_undo_each_other():
    taken = take().seconds(1)
    go(taken, FAR)
    taken.session.pause(granule=taken.now)
    taken.seconds(1)
    go(taken, HERE)
    assert len(taken.seconds(2).started()) == 1
    go(taken, FAR)
    taken.session.resume(granule=taken.now)
    assert len(taken.seconds(2).started()) == 1
    back = go(taken, HERE)

    assert starts(taken.seconds(1))[1:] == [(2, back)]


def test_what_is_asked_for_out_of_range_plays_on_return():
    taken = take().seconds(1)
    go(taken, FAR)
    taken.seconds(2).session.play(1, granule=taken.now)
    taken.session.skip(granule=taken.now)
    assert len(taken.seconds(3).started()) == 1
    back = go(taken, HERE)

    assert starts(taken.seconds(1))[1:] == [(1, back)]


def test_an_edit_may_leave_the_listener_out_of_range():
    taken = take().seconds(2)
    nowhere = soundscape(zones=[], tracks=[track(**LONG)], assets=[asset(3)], out_of_range_source="far")
    taken.session.replace_soundscape(nowhere, granule=taken.now)
    taken.seconds(2)

    assert len(taken.of(RangeLeft)) == 1
    assert taken.level("far", 4) == (1, 1)


@pytest.mark.parametrize("listener", [{"is_geo": False}, {"position": None}])
def test_who_is_nowhere_in_particular_is_in_range(listener):
    assert take(listener=listener).session.is_in_range


def test_the_burst_waits_for_the_out_of_range_sound():
    sources = FakeSources(pending=["far"])
    taken = take(sources=sources, listener={"position": FAR})

    assert taken.session.is_waiting_for_speakers
    sources.states["far"] = SourceState.READY
    assert not taken.session.is_waiting_for_speakers
