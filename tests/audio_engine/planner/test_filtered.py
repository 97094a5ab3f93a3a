"""What fades when its listener goes away, and goes on when they come back (reference 4.11, fadeout_when_filtered)."""

import pytest

from audio_engine.soundscape import GRANULE_FRAMES, SAMPLE_RATE, Ordering, Range, SourceState, TimedAsset
from backend.bus.events import AssetEnded, AssetStarted
from backend.geo.position import Position
from backend.hearing.tags import TagRule
from tests.audio_engine.planner.scenery import (
    HERE,
    FakeSources,
    Take,
    asset,
    granule_of,
    granules,
    session,
    soundscape,
    track,
)

# With a radius of 1,000 m: 1,202 m east is not left yet, 1,347 m is.
ALMOST_AWAY = Position(0.0, 0.5108)
AWAY = Position(0.0, 0.5121)
FAR = Position(0.0, 0.6)
FADE = granules(0.5)
LONG = {"duration_seconds": Range(10, 10), "fades_out_when_filtered": True}


def take(*tracks, assets=None, sources=None, listener=(), **values):
    scape = soundscape(
        tracks=tracks or [track(**LONG)],
        assets=[asset(1)] if assets is None else assets,
        **{"ordering": Ordering.BY_WEIGHT, **values},
    )
    return Take(session(scape, sources, **dict(listener)))


def go(taken, position):
    taken.session.move(position, granule=taken.now)
    return taken.now


def plays(taken):
    """(asset, first granule, offset in frames) of every start."""
    return [
        (event.asset_id, granule_of(event.started_at), round(event.offset_seconds * SAMPLE_RATE))
        for event in taken.of(AssetStarted)
    ]


def lengths(taken):
    return [granules(event.played_seconds) for event in taken.of(AssetEnded)]


def test_it_fades_over_the_tracks_fade_out_and_its_listen_event_has_its_real_time():
    taken = take().seconds(3)
    left = go(taken, AWAY)
    taken.seconds(2)

    assert lengths(taken) == [left + FADE]
    assert taken.gains["asset 1"][left, 0] == pytest.approx(0.5**0.5)
    assert 0.2 < taken.gains["asset 1"][left + FADE // 2, 0] < 0.5
    assert taken.gains["asset 1"][left + FADE :].max() == 0


def test_it_goes_on_where_it_fell_silent_as_a_playing_of_its_own():
    taken = take().seconds(3)
    left = go(taken, AWAY)
    taken.seconds(4)
    back = go(taken, HERE)
    taken.seconds(9)

    (first, again), (_, _) = taken.of(AssetStarted), taken.of(AssetEnded)
    offset = plays(taken)[0][2]
    assert plays(taken) == [(1, 0, offset), (1, back, offset + (left + FADE) * GRANULE_FRAMES)]
    assert first.play_id != again.play_id
    assert lengths(taken) == [left + FADE, int(10 * SAMPLE_RATE / GRANULE_FRAMES) - left - FADE]
    assert taken.gains["asset 1"][back, 0] == 0


def test_a_track_that_does_not_say_so_plays_on():
    taken = take(track(duration_seconds=Range(10, 10))).seconds(3)
    go(taken, FAR)
    taken.seconds(9)

    assert lengths(taken) == [int(10 * SAMPLE_RATE / GRANULE_FRAMES)]


def test_jitter_at_the_edge_lets_nothing_fade():
    taken = take().seconds(3)
    for position in (ALMOST_AWAY, HERE, ALMOST_AWAY):
        go(taken, position)
        taken.seconds(1)

    assert taken.ended() == []


def test_it_does_not_go_on_at_the_edge_but_when_it_is_near_again():
    taken = take().seconds(3)
    go(taken, AWAY)
    taken.seconds(2)
    go(taken, ALMOST_AWAY)
    assert taken.seconds(5).started() == [1]
    back = go(taken, HERE)

    assert [start for _, start, _ in plays(taken.seconds(1))] == [0, back]


def test_who_returns_during_the_fade_hears_it_go_on_without_dead_air():
    taken = take().seconds(3)
    left = go(taken, AWAY)
    taken.until(taken.now + 8)
    go(taken, HERE)
    taken.seconds(2)

    assert [start for _, start, _ in plays(taken)] == [0, left + FADE]


def test_another_asset_that_was_chosen_before_takes_its_place():
    taken = take(assets=[asset(1, weight=90), asset(2, position=FAR)]).seconds(3)
    left = go(taken, FAR)
    taken.seconds(3)
    go(taken, HERE)
    taken.seconds(20)

    assert [number for number, _, _ in plays(taken)] == [1, 2]
    assert plays(taken)[1][1] == left + FADE + granules(1)


def test_another_track_does_not_take_what_is_to_go_on():
    free = track(1, **LONG, banned_seconds=1)
    taken = take(free, track(2, **{**LONG, "starts_with_silence": True}, banned_seconds=1)).seconds(3)
    go(taken, AWAY)
    taken.seconds(3)
    go(taken, HERE)
    taken.seconds(2)

    assert [event.audiotrack_id for event in taken.of(AssetStarted)] == [1, 1]


RULE = TagRule({1: 1, 2: 1}, frozenset({1}), frozenset({1, 2}))


@pytest.mark.parametrize(
    ("leave", "come_back"),
    [
        (lambda one, at: one.filter_tags([2], granule=at), lambda one, at: one.filter_tags([1], granule=at)),
        (lambda one, at: one.choose_language(8, granule=at), lambda one, at: one.choose_language(None, granule=at)),
    ],
)
def test_tags_and_languages_let_it_fade_and_come_back(leave, come_back):
    taken = take(assets=[asset(1, tag_ids=frozenset({1}), language_id=7)], tag_rule=RULE).seconds(3)
    left = taken.now
    leave(taken.session, left)
    taken.seconds(3)
    assert lengths(taken) == [left + FADE]
    back = taken.now
    come_back(taken.session, back)

    assert [start for _, start, _ in plays(taken.seconds(1))] == [0, back]


def test_an_edit_that_moves_it_away_lets_it_fade():
    taken = take().seconds(3)
    edited = taken.now
    moved = soundscape(tracks=[track(**LONG)], assets=[asset(1, position=FAR)])
    taken.session.replace_soundscape(moved, granule=edited)

    assert lengths(taken.seconds(2)) == [edited + FADE]


def test_what_was_asked_for_plays_on():
    taken = take(assets=[asset(1, position=FAR)]).seconds(1)
    taken.session.play(1, granule=taken.now)
    taken.seconds(1)
    go(taken, AWAY)
    taken.seconds(5)

    assert (taken.started(), taken.ended()) == ([1], [])


def test_its_last_moment_plays_out_and_is_not_heard_twice():
    length = int(10 * SAMPLE_RATE / GRANULE_FRAMES)
    taken = take().until(length - 5)
    go(taken, AWAY)
    taken.seconds(3)
    go(taken, HERE)
    taken.seconds(5)

    assert lengths(taken) == [length]
    assert taken.started() == [1]


def test_skipping_gives_it_up():
    taken = take(assets=[asset(1, weight=90), asset(2)]).seconds(3)
    go(taken, AWAY)
    taken.until(taken.now + 8)
    taken.session.skip(granule=taken.now)
    taken.seconds(1)
    go(taken, HERE)
    taken.seconds(2)

    assert taken.started() == [1, 2]


def test_a_pause_does_not_make_it_forgotten():
    taken = take().seconds(3)
    go(taken, AWAY)
    taken.seconds(2)
    taken.session.pause(granule=taken.now)
    go(taken, HERE)
    assert taken.seconds(3).started() == [1]
    taken.session.resume(granule=taken.now)
    resumed = taken.now

    assert [start for _, start, _ in plays(taken.seconds(3))] == [0, resumed + granules(1)]


def test_a_request_for_it_plays_it_whole_and_once():
    taken = take(assets=[asset(1)]).seconds(3)
    go(taken, AWAY)
    taken.seconds(2)
    taken.session.play(1, granule=taken.now)
    taken.seconds(1)
    go(taken, HERE)
    taken.seconds(22)

    assert [offset for _, _, offset in plays(taken)][1:] == [0]


@pytest.mark.parametrize("shortened", [{"end_seconds": 1.0}, {"is_submitted": False}])
def test_what_is_gone_of_it_does_not_go_on(shortened):
    taken = take().seconds(3)
    go(taken, AWAY)
    taken.seconds(2)
    edited = soundscape(tracks=[track(**LONG)], assets=[asset(1, **shortened)])
    taken.session.replace_soundscape(edited, granule=taken.now)
    go(taken, HERE)

    assert taken.seconds(5).started() == [1]


def test_a_source_that_has_to_be_decoded_again_is_waited_for():
    sources = FakeSources()
    taken = take(sources=sources).seconds(3)
    go(taken, AWAY)
    taken.seconds(2)
    sources.states["asset 1"] = SourceState.PENDING
    go(taken, HERE)
    assert taken.seconds(1).started() == [1]
    sources.states.clear()

    assert [offset > 0 for _, _, offset in plays(taken.seconds(1))][1:] == [True]


def test_a_timed_asset_fades_too():
    taken = take(timed_assets=[TimedAsset(1, 0, 30)]).seconds(3)
    left = go(taken, AWAY)

    assert lengths(taken.seconds(2)) == [left + FADE]
