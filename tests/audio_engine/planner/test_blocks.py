"""What a listener has blocked is not heard any more, by whatever way."""

from audio_engine.soundscape import Ordering, Range
from backend.bus.events import AssetEnded, AssetStarted
from tests.audio_engine.planner.scenery import Take, asset, granule_of, granules, session, soundscape, track


def take(*tracks, count=4, **listener):
    assets = [asset(number, weight=number) for number in range(1, count + 1)]
    tracks = tracks or [track(duration_seconds=Range(10, 10))]
    return Take(session(soundscape(tracks=tracks, assets=assets, ordering=Ordering.BY_WEIGHT), **listener))


def block(taken, *asset_ids):
    taken.session.block(asset_ids, granule=taken.now)
    return taken.now


def test_what_plays_of_it_fades_within_half_a_second_and_the_next_one_follows():
    taken = take().seconds(2)
    blocked = block(taken, 4, 3)
    taken.seconds(3)

    assert blocked < granules(taken.of(AssetEnded)[0].played_seconds) <= blocked + granules(0.5)
    assert taken.started() == [4, 2]
    assert taken.session.listener.blocked_asset_ids == {3, 4}


def test_the_others_play_on():
    taken = take(track(1, duration_seconds=Range(9, 9)), track(2, duration_seconds=Range(9, 9))).seconds(2)
    block(taken, 4)
    taken.seconds(1)

    assert taken.ended() == [4]


def test_it_does_not_fade_once_more_and_does_not_come_back():
    taken = take(track(duration_seconds=Range(10, 10), fades_out_when_filtered=True), count=1).seconds(2)
    block(taken, 1)

    assert taken.seconds(30).started() == [1]


def test_it_is_refused_when_it_is_asked_for():
    taken = take(count=1, blocked_asset_ids=frozenset({1})).seconds(1)
    taken.session.play(1, granule=taken.now)

    assert taken.seconds(3).started() == []


def test_what_was_asked_for_is_silenced_too():
    taken = take().seconds(1)
    taken.session.play(1, granule=taken.now)
    taken.seconds(2)
    assert taken.started() == [4, 1]
    blocked = block(taken, 1)
    taken.seconds(1)

    assert granule_of(taken.of(AssetStarted)[1].started_at) < blocked
    assert taken.ended() == [4, 1]


def test_what_waits_for_a_track_is_not_played_any_more():
    taken = take(track(), count=3).seconds(1)
    taken.session.pause(granule=taken.now)
    taken.session.play(1, granule=taken.now)
    taken.session.play(2, granule=taken.now)
    block(taken, 1)
    taken.session.resume(granule=taken.now)

    assert taken.seconds(8).started() == [3, 2]


def test_a_block_that_is_taken_back_lets_it_be_heard():
    taken = take(count=1, blocked_asset_ids=frozenset({1})).seconds(1)
    free = block(taken)

    assert [granule_of(event.started_at) for event in taken.seconds(1).of(AssetStarted)] == [free]
