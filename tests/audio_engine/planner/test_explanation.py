"""Why an asset plays, or does not: the same rules, one by one, with their numbers."""

import pytest

from audio_engine.soundscape import Ordering, Range, RepeatMode, TimedAsset, TimedPriority
from backend.geo.position import Position
from backend.hearing.tags import TagRule
from tests.audio_engine.planner.scenery import (
    HERE,
    FakeSources,
    Take,
    asset,
    granules,
    session,
    soundscape,
    track,
    zone,
)

# 111 m and 11.1 km away.
NEAR = Position(0.0, 0.501)
FAR = Position(0.0, 0.6)
RULE = TagRule({1: 1, 2: 1, 3: 2}, frozenset({1, 2}), frozenset({1}))
EVERY_RULE = [
    "known",
    "submitted",
    "playable",
    "language",
    "tags",
    "blocked",
    "near",
    "out_of_range",
    "paused",
    "busy",
    "track_active",
    "track_tags",
    "timed",
    "time_ban",
    "proximity_ban",
    "set_aside",
]


def take(*facts, tracks=None, sources=None, listener=(), **values):
    scape = soundscape(
        tracks=[track(7)] if tracks is None else tracks,
        assets=facts,
        **{"ordering": Ordering.BY_WEIGHT, **values},
    )
    return Take(session(scape, sources, **dict(listener)))


def explain(taken, asset_id=5):
    return taken.session.explain(asset_id, granule=taken.now)


def failed(taken, asset_id=5):
    return {reason.rule: reason.detail for reason in explain(taken, asset_id) if not reason.passed}


def detail(taken, rule, asset_id=5):
    (reason,) = [reason for reason in explain(taken, asset_id) if reason.rule == rule]
    return reason.detail


def test_what_may_play_passes_every_rule_and_then_plays():
    taken = take(asset(5, position=NEAR))

    assert [reason.rule for reason in explain(taken)] == EVERY_RULE
    assert failed(taken) == {}
    assert taken.seconds(1).started() == [5]


def test_what_is_unknown_has_that_one_reason():
    (reason,) = explain(take(asset(5)), 6)

    assert (reason.rule, reason.passed, reason.detail) == ("known", False, "The project has no recording 6.")


@pytest.mark.parametrize(
    ("facts", "listener", "expected"),
    [
        ({"is_submitted": False}, {}, {"submitted": "It is not submitted."}),
        (
            {"duration_seconds": None},
            {},
            {"playable": "It is not audio that sounds: 0.0 s of it may be heard."},
        ),
        (
            {"language_id": 2},
            {"language_id": 1},
            {"language": "Its language (2) is not heard by this listener, whose language is 1."},
        ),
        (
            {"tag_ids": frozenset({2})},
            {"tag_ids": frozenset({1, 3})},
            {"tags": "It does not carry a tag of each set: one of 1; one of 3."},
        ),
        ({}, {"blocked_asset_ids": frozenset({5})}, {"blocked": "It is not free of the listener's blocks."}),
        ({"position": FAR}, {}, {"near": "It is 11131.9 m away; near is within 1000 m."}),
        ({"position": None}, {}, {"near": "It has no position."}),
        ({}, {"position": None}, {"near": "It is not known where the listener is."}),
        (
            {"position": FAR},
            {"heading": 0.0, "range_max": 500.0},
            {"near": "It is 11131.9 m away, at 90 degrees; the listener hears 30 degrees around 0, from 0 m to 500 m."},
        ),
        (
            {"position": FAR},
            {"range_min": 20_000.0, "range_max": 30_000.0},
            {"near": "It is 11131.9 m away; the listener hears from 20000 m to 30000 m."},
        ),
    ],
)
def test_each_rule_of_the_listener_says_why_not(facts, listener, expected):
    taken = take(asset(5, **{"tag_ids": frozenset({1, 3}), **facts}), tag_rule=RULE, listener=listener)

    assert failed(taken) == expected
    assert taken.seconds(2).started() == []


def test_a_shape_says_how_far_outside_it_the_listener_is():
    shape = ((((0.502, -1.0), (1.0, -1.0), (1.0, 1.0), (0.502, 1.0), (0.502, -1.0)),),)
    taken = take(asset(4), asset(5, shape=shape))

    assert failed(taken) == {"near": "The listener is 222.6 m outside its shape."}
    taken.session.move(Position(0.0, 0.503), granule=taken.now)
    assert detail(taken, "near") == "The listener is 111.3 m inside its shape."


def test_without_geo_listening_all_is_near():
    assert (
        detail(take(asset(5, position=FAR), listener={"is_geo": False}), "near") == "Without geo listening all is near."
    )


def test_out_of_range_and_in_a_pause_nothing_plays():
    taken = take(asset(5), zones=[zone(1)], out_of_range_metres=1000)
    assert detail(taken, "out_of_range") == "A speaker is within 1000 m."
    taken.session.move(Position(0.0, 2.0), granule=taken.now)
    taken.session.pause(granule=taken.now)

    assert set(failed(taken)) == {"near", "out_of_range", "paused"}
    assert detail(taken, "out_of_range") == "No speaker is within 1000 m."
    assert detail(taken, "paused") == "The stream is paused."


def test_what_plays_is_busy_and_banned():
    taken = take(asset(5), tracks=[track(7, banned_seconds=60)]).seconds(3)

    assert failed(taken) == {
        "busy": "Track 7 plays it, or is about to.",
        "time_ban": "It was played 3.0 s ago; track 7 does not repeat within 60 s.",
        "proximity_ban": "It was heard here, and the project does not repeat.",
    }


def test_bans_go_by_with_time_and_by_leaving():
    taken = take(asset(5), tracks=[track(7, banned_seconds=60)]).seconds(59)
    assert set(failed(taken)) == {"time_ban", "proximity_ban"}
    taken.seconds(2)
    assert set(failed(taken)) == {"proximity_ban"}
    taken.session.move(FAR, granule=taken.now)
    taken.session.move(HERE, granule=taken.now)
    assert failed(taken) == {}


def test_a_project_that_repeats_says_what_is_left_to_hear():
    taken = take(
        asset(5, weight=90), asset(6), tracks=[track(7, banned_seconds=5)], repeat_mode=RepeatMode.CONTINUOUS
    ).seconds(4.5)
    assert detail(taken, "proximity_ban") == "It was heard here, and the project repeats when all is heard (left: 1)."
    taken.seconds(4.5)

    assert failed(taken) == {}


@pytest.mark.parametrize("priority", [TimedPriority.DISCARD, TimedPriority.LOWEST])
def test_timed_assets_are_not_waited_for_before_others_repeat(priority):
    tracks = [track(7, banned_seconds=4, dead_air_seconds=Range(0.5, 0.5), timed_priority=priority)]
    timed = {"timed_assets": [TimedAsset(6, 0, 60)], "repeat_mode": RepeatMode.CONTINUOUS}
    taken = take(asset(5), asset(6), tracks=tracks, **timed).seconds(4.3)

    assert failed(taken) == {}
    assert taken.seconds(0.5).started() == [5, 5]


def test_the_track_that_most_nearly_plays_it_speaks():
    tracks = [
        track(1, is_active=False),
        track(2, tag_ids=frozenset({2})),
        track(3, tag_ids=frozenset({1, 3}), duration_seconds=Range(9, 9)),
    ]
    taken = take(asset(5, tag_ids=frozenset({1, 3})), tracks=tracks, tag_rule=RULE)
    assert failed(taken) == {}
    assert detail(taken, "track_tags") == "Track 3 plays the tags 1, 3 alone."
    others = take(asset(5, tag_ids=frozenset({1})), tracks=tracks[:2], tag_rule=RULE)
    assert failed(others) == {"track_tags": "Track 2 plays the tags 2 alone."}


@pytest.mark.parametrize("tracks", [[], [track(1, is_active=False)]])
def test_without_an_active_track_nothing_plays(tracks):
    assert failed(take(asset(5), tracks=tracks)) == {"track_active": "The project has no active track."}


@pytest.mark.parametrize(
    ("priority", "expected"),
    [
        (TimedPriority.NORMAL, {}),
        (
            TimedPriority.DISCARD,
            {"timed": "Its time is 0 to 9 s, and it is 0.0. The track's priority of timed assets is discard."},
        ),
    ],
)
def test_a_track_that_discards_timed_assets_says_so(priority, expected):
    taken = take(asset(5), tracks=[track(7, timed_priority=priority)], timed_assets=[TimedAsset(5, 0, 9)])

    assert failed(taken) == expected


def test_it_says_so_at_any_time():
    discarding = track(7, timed_priority=TimedPriority.DISCARD)
    taken = take(asset(5), tracks=[discarding], timed_assets=[TimedAsset(5, 5, 9)]).seconds(3)

    assert failed(taken) == {"timed": "It is not its time. The track's priority of timed assets is discard."}
    assert taken.started() == []


def test_a_sound_that_is_not_to_be_had_is_put_off():
    taken = take(asset(5), sources=FakeSources(broken=["asset 5"])).seconds(10)

    assert failed(taken) == {"set_aside": "No sound: it is put off for 50 s."}


def test_to_explain_changes_nothing():
    def heard(*, asks):
        taken = take(*(asset(number) for number in range(1, 6)), repeat_mode=RepeatMode.CONTINUOUS)
        for _ in range(40):
            taken.until(taken.now + granules(0.5))
            for number in range(1, 6) if asks else ():
                explain(taken, number)
        return [(type(event), event.asset_id) for event in taken.events if hasattr(event, "asset_id")]

    assert heard(asks=True) == heard(asks=False)
