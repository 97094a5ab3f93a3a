"""A session that comes back remembers what was heard."""

import pytest

from audio_engine.planner.history import NO_HISTORY, Heard, SessionHistory
from audio_engine.planner.session import PlannedSession
from audio_engine.soundscape import Ordering, RepeatMode, TimedAsset
from backend.bus.events import AssetStarted
from backend.geo.position import Position
from backend.hearing.listener import Listener
from tests.audio_engine.planner.scenery import (
    HERE,
    STREAM,
    FakeSources,
    Take,
    asset,
    granule_of,
    granules,
    soundscape,
    track,
    wall_clock,
)

AWAY = Position(10.0, 10.0)
BEGAN = 5_000
BAN_SECONDS = 100


def resumed(*heard, assets=None, elapsed_seconds=0, position=HERE, history=None, **values):
    """A session that begins at a granule of its own; `heard` are (asset, seconds ago)."""
    plays = tuple(Heard(number, granules(seconds)) for number, seconds in heard)
    scape = soundscape(
        assets=[asset(number, weight=number) for number in (1, 2, 3)] if assets is None else assets,
        tracks=[track(banned_seconds=BAN_SECONDS)],
        **{"ordering": Ordering.BY_WEIGHT, **values},
    )
    planned = PlannedSession(
        scape,
        FakeSources(),
        stream_id=STREAM,
        listener=Listener(position=position),
        seed=1,
        granule=BEGAN,
        wall_clock=wall_clock,
        history=history or SessionHistory(plays, granules(elapsed_seconds)),
    )
    return Take(planned, granule=BEGAN)


def judgement(taken, asset_id, rule):
    (reason,) = [reason for reason in taken.session.explain(asset_id, granule=BEGAN) if reason.rule == rule]
    return reason


def test_without_a_history_all_is_new():
    assert resumed(history=NO_HISTORY).seconds(14).started() == [3, 2, 1]


def test_what_was_heard_here_is_not_heard_again():
    taken = resumed((3, 50), (2, 500)).seconds(20)

    assert taken.started() == [1]


def test_what_was_heard_elsewhere_is_banned_for_the_time_that_is_left():
    taken = resumed((3, 95), (2, 500), (1, 30), position=AWAY)
    taken.session.move(HERE, granule=BEGAN)
    taken.seconds(60)

    assert taken.started() == [2, 3]
    assert granule_of(taken.of(AssetStarted)[1].started_at) == BEGAN + granules(5)


def test_the_last_of_several_plays_counts():
    assert not judgement(resumed((3, 500), (3, 20), position=AWAY), 3, "time_ban").passed
    assert judgement(resumed((3, 500), (3, 120), position=AWAY), 3, "time_ban").passed


@pytest.mark.parametrize("heard", [(1, 2), (2, 3), (1, 3)])
def test_of_equals_the_least_played_goes_first(heard):
    equals = [asset(number) for number in (1, 2, 3)]
    taken = resumed(
        *((number, 500) for number in heard),
        assets=equals,
        repeat_mode=RepeatMode.CONTINUOUS,
        ordering=Ordering.RANDOM,
        position=AWAY,
    )
    taken.session.move(HERE, granule=BEGAN)

    assert taken.seconds(1).started() == list({1, 2, 3} - set(heard))


def test_assets_that_are_gone_are_nothing_to_remember():
    assert resumed((77, 5)).seconds(1).started() == [3]


def test_the_time_of_timed_assets_goes_on():
    timed = {"timed_assets": [TimedAsset(1, 100, 110)]}

    assert resumed(elapsed_seconds=105, **timed).seconds(1).started() == [1]
    assert resumed(elapsed_seconds=95, **timed).seconds(1).started() == [3]


def test_a_timed_asset_that_was_heard_at_its_time_does_not_play_again():
    values = {"timed_assets": [TimedAsset(1, 10, 500)], "elapsed_seconds": 300}

    assert resumed((1, 150), **values).seconds(1).started() == [3]
    assert judgement(resumed((1, 150), **values), 1, "timed").detail.startswith("It is not its time.")
    assert judgement(resumed((1, 295), **values), 1, "timed").detail.startswith("Its time is 10 to 500 s")
