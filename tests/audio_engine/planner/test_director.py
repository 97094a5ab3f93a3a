from random import Random

import pytest

from audio_engine.planner.director import Director, Moment
from audio_engine.soundscape import Ordering, RepeatMode, TimedAsset, TimedPriority
from backend.geo.position import Position
from backend.hearing.listener import Listener
from backend.hearing.tags import TagRule
from tests.audio_engine.planner.scenery import HERE, asset, granules, soundscape, track

AWAY = Position(10.0, 10.0)
BAN_SECONDS = 100


class Playlist:
    """Asks for one asset after another, as a track does, and writes down what it gets."""

    def __init__(self, *assets, listener=None, seed=1, track_values=(), **values):
        self.track = track(**{"banned_seconds": BAN_SECONDS, **dict(track_values)})
        self.scape = soundscape(assets=assets, tracks=[self.track], **values)
        self.listener = listener or Listener(position=HERE)
        self.director = Director(self.scape, self.listener)
        self.random = Random(seed)
        self.seconds = 0

    def next(self, *, busy=(), wish=None):
        moment = Moment(granules(self.seconds), self.seconds, frozenset(busy))
        choice = self.director.choose(self.track, moment, wish=wish, random=self.random)
        if choice is None:
            return None
        self.director.started(choice, granule=moment.granule)
        return int(self.director.soundscape.assets.ids[choice.index])

    def remaining(self, *, busy=()):
        return self.director.remaining(Moment(granules(self.seconds), self.seconds, frozenset(busy)))

    def all(self):
        return list(iter(self.next, None))

    def wait(self, seconds=BAN_SECONDS + 1):
        self.seconds += seconds

    def walk(self, position):
        self.director.listener_moved(Listener(position=position))


def weights(*values):
    return [asset(number, weight=weight) for number, weight in enumerate(values, start=1)]


def by_weight(*assets, **values):
    return Playlist(*assets, ordering=Ordering.BY_WEIGHT, **values)


def test_heavy_assets_go_first_and_then_there_is_none():
    playlist = by_weight(*weights(10, 90, 50))

    assert playlist.all() == [2, 3, 1]


def test_liked_assets_go_first():
    assert Playlist(asset(1, likes=2), asset(2), asset(3, likes=9), ordering=Ordering.BY_LIKE).all() == [3, 1, 2]


def test_of_equals_the_younger_goes_first():
    assert by_weight(*weights(50, 50, 50)).all() == [3, 2, 1]


def test_chance_does_not_favour_anybody():
    firsts = [Playlist(*weights(1, 2, 3, 4, 5), seed=seed).next() for seed in range(200)]

    assert all(20 <= firsts.count(number) <= 60 for number in (1, 2, 3, 4, 5))


def test_in_stop_mode_a_listener_who_stays_hears_all_once():
    playlist = by_weight(*weights(10, 90))
    playlist.all()
    playlist.wait()

    assert playlist.next() is None


def test_leaving_and_returning_brings_an_asset_back_after_its_ban():
    playlist = by_weight(*weights(10, 90))
    playlist.all()
    playlist.walk(AWAY)
    playlist.walk(HERE)

    assert playlist.next() is None
    playlist.wait(BAN_SECONDS - 1)
    assert playlist.next() is None
    playlist.wait(2)
    assert playlist.all() == [2, 1]


def test_moving_about_inside_the_range_brings_nothing_back():
    playlist = by_weight(*weights(10, 90))
    playlist.all()
    playlist.wait()
    playlist.walk(Position(0.0, 0.5001))
    playlist.walk(HERE)

    assert playlist.next() is None


# With a radius of 1,000 m: 1,202 m east is not left yet, 1,347 m is.
@pytest.mark.parametrize(("east", "returns"), [(0.5089, False), (0.5108, False), (0.5121, True)])
def test_leaving_counts_from_a_quarter_beyond_the_range(east, returns):
    playlist = by_weight(*weights(10, 90))
    playlist.all()
    playlist.wait()
    playlist.walk(Position(0.0, east))
    assert playlist.next() is None
    playlist.walk(HERE)

    assert playlist.all() == ([2, 1] if returns else [])


def test_jitter_about_the_edge_of_a_shape_brings_nothing_back():
    """A quarter of the radius of 1,000 m is 0.00225 degrees."""
    square = ((((0.4, 0.4), (0.4, -0.4), (0.6, -0.4), (0.6, 0.4), (0.4, 0.4)),),)
    playlist = Playlist(asset(1, shape=square))
    assert playlist.all() == [1]
    for east in (0.601, 0.599, 0.602, 0.599):
        playlist.wait()
        playlist.walk(Position(0.0, east))
        assert playlist.next() is None
    playlist.walk(Position(0.0, 0.603))
    playlist.walk(HERE)

    assert playlist.all() == [1]


def test_a_range_of_ones_own_has_its_edge_too():
    playlist = Playlist(asset(1, position=Position(0.0, 0.52)))

    def aim(range_max):
        playlist.director.listener_moved(Listener(position=HERE, range_max=range_max))

    aim(2_300)
    assert playlist.all() == [1]
    playlist.wait()
    aim(2_000)
    aim(2_300)
    assert playlist.next() is None
    aim(1_500)
    aim(2_300)
    assert playlist.next() == 1


def test_a_replay_at_the_edge_is_still_heard_there():
    playlist = Playlist(asset(1))
    playlist.all()
    playlist.walk(Position(0.0, 0.5108))
    playlist.director.started(playlist.director.requested(1), granule=0)
    playlist.wait()
    playlist.walk(HERE)

    assert playlist.next() is None


def test_continuous_mode_repeats_what_is_near_now():
    here, there = asset(1), asset(2, position=AWAY)
    playlist = Playlist(here, there, repeat_mode=RepeatMode.CONTINUOUS)
    assert playlist.all() == [1]
    playlist.walk(AWAY)
    assert playlist.all() == [2]
    playlist.wait()

    assert playlist.all() == [2]


def test_in_continuous_mode_what_is_new_goes_before_what_was_heard():
    playlist = by_weight(
        asset(1, weight=90), asset(2, weight=10), repeat_mode=RepeatMode.CONTINUOUS, track_values={"banned_seconds": 5}
    )
    assert playlist.next() == 1
    playlist.wait(6)
    assert playlist.next() == 2
    playlist.wait(6)

    assert playlist.all() == [1, 2]


def test_each_track_bans_for_a_time_of_its_own():
    playlist = by_weight(*weights(10), listener=Listener(is_geo=False), repeat_mode=RepeatMode.CONTINUOUS)
    patient, hasty = playlist.track, track(1, banned_seconds=10)
    playlist.next()
    playlist.wait(11)
    assert playlist.next() is None
    playlist.track = hasty
    assert playlist.next() == 1
    playlist.track = patient
    assert playlist.next() is None


def test_continuous_mode_starts_again_after_the_ban():
    playlist = by_weight(*weights(10, 90), repeat_mode=RepeatMode.CONTINUOUS)

    assert playlist.all() == [2, 1]
    playlist.wait()
    assert playlist.all() == [2, 1]


def test_without_geo_listening_choosing_tags_brings_all_back_after_the_ban():
    playlist = by_weight(*weights(10, 90), listener=Listener(is_geo=False))
    assert playlist.all() == [2, 1]
    playlist.wait()
    assert playlist.next() is None
    playlist.director.listener_chose(playlist.listener)
    assert playlist.all() == [2, 1]
    playlist.director.listener_chose(playlist.listener)
    assert playlist.next() is None


def test_bans_last_through_a_choice_of_tags():
    playlist = by_weight(*weights(10, 90))
    playlist.next()
    playlist.wait()
    playlist.director.listener_chose(playlist.listener)

    assert playlist.all() == [1]


@pytest.mark.parametrize("seed", range(5))
def test_the_least_played_of_equals_goes_first(seed):
    playlist = Playlist(*weights(1, 1, 1), repeat_mode=RepeatMode.CONTINUOUS, seed=seed)
    heard = {playlist.next(), playlist.next()}
    playlist.wait()

    assert playlist.next() not in heard


def test_assets_of_other_places_do_not_play():
    playlist = Playlist(asset(1, position=AWAY), asset(2))

    assert playlist.all() == [2]
    playlist.walk(AWAY)
    assert playlist.all() == [1]


def test_without_a_position_nothing_plays():
    assert Playlist(asset(1), listener=Listener(position=None)).all() == []


def test_the_listeners_tags_narrow_the_choice():
    rule = TagRule({1: 1, 2: 1}, frozenset({1}), frozenset({1, 2}))
    playlist = by_weight(
        asset(1, tag_ids=frozenset({1}), weight=3),
        asset(2, tag_ids=frozenset({2}), weight=2),
        asset(3, weight=1),
        tag_rule=rule,
        listener=Listener(position=HERE, tag_ids=frozenset({2})),
    )

    assert playlist.all() == [2]
    playlist.director.listener_chose(Listener(position=HERE))
    assert playlist.all() == [1]


def test_a_track_plays_its_own_tags_only():
    rule = TagRule({1: 1, 2: 1, 3: 2})
    assets = [
        asset(1, tag_ids=frozenset({1, 3})),
        asset(2, tag_ids=frozenset({2})),
        asset(3),
        asset(4, tag_ids=frozenset({1})),
    ]

    def played(*tags):
        return sorted(Playlist(*assets, tag_rule=rule, track_values={"tag_ids": frozenset(tags)}).all())

    assert played() == [1, 2, 3, 4]
    assert played(1) == [1, 4]
    assert played(1, 2) == [1, 2, 4]
    assert played(1, 3) == [1]


def test_who_plays_already_is_not_chosen():
    assert by_weight(*weights(10, 90)).next(busy={2, 99}) == 1


def test_a_wish_goes_before_the_order_while_it_is_possible():
    playlist = by_weight(*weights(10, 90, 50))

    assert playlist.next(wish=1) == 1
    assert playlist.next(wish=1) == 2


def test_blocked_assets_do_not_play():
    listener = Listener(position=HERE, blocked_asset_ids=frozenset({2}))

    assert by_weight(*weights(10, 90), listener=listener).all() == [1]


def test_what_was_set_aside_comes_back():
    playlist = by_weight(*weights(10))
    playlist.director.set_aside(0, until=granules(5))

    assert playlist.next() is None
    playlist.wait(5)
    assert playlist.next() == 1


def test_what_was_heard_is_remembered_when_the_project_changes():
    playlist = by_weight(*weights(10, 90))
    playlist.next()
    playlist.director.replace_soundscape(
        soundscape(assets=[asset(4, weight=1), *weights(10, 90)], tracks=[playlist.track], ordering=Ordering.BY_WEIGHT)
    )

    assert playlist.all() == [1, 4]


TIMED = {"timed_assets": [TimedAsset(9, 10, 20)]}


def timed(priority=TimedPriority.NORMAL, *, at=15, is_first=True, weight=1):
    assets = [asset(1), asset(9, weight=weight)]
    values = {"track_values": {"timed_priority": priority}, "timed_assets_first": is_first, **TIMED}
    playlist = by_weight(*assets, **values)
    playlist.wait(at)
    return playlist


@pytest.mark.parametrize(
    ("priority", "is_first", "played"),
    [
        (TimedPriority.NORMAL, True, [9, 1]),
        (TimedPriority.NORMAL, False, [1, 9]),
        (TimedPriority.HIGHEST, False, [9, 1]),
        (TimedPriority.LOWEST, True, [1, 9]),
        (TimedPriority.DISCARD, True, [1]),
    ],
)
@pytest.mark.parametrize("weight", [1, 99])
def test_the_track_says_when_timed_assets_play_and_else_the_project(priority, is_first, played, weight):
    assert timed(priority, is_first=is_first, weight=weight).all() == played


@pytest.mark.parametrize(("at", "played"), [(9, [1, 9]), (10, [9, 1]), (20, [9, 1]), (21, [1, 9])])
def test_timed_assets_play_at_their_time_and_else_as_others_do(at, played):
    assert timed(at=at).all() == played


@pytest.mark.parametrize("at", [9, 10, 21])
def test_a_track_that_discards_timed_assets_plays_them_at_no_time(at):
    assert timed(TimedPriority.DISCARD, at=at).all() == [1]


def test_a_timed_asset_plays_once_a_stream():
    playlist = timed(at=12)
    playlist.track = track(banned_seconds=1)
    assert playlist.all() == [9, 1]
    playlist.wait(3)

    assert playlist.next() is None


def test_a_timed_asset_is_heard_though_it_was_heard_here_before():
    playlist = timed(at=5)
    playlist.track = track(banned_seconds=1)
    assert playlist.all() == [1, 9]
    playlist.wait(6)

    assert playlist.all() == [9]


@pytest.mark.parametrize(
    ("listener", "facts"),
    [
        ({"blocked_asset_ids": frozenset({9})}, {}),
        ({"tag_ids": frozenset({1})}, {}),
        ({"language_id": 1}, {"language_id": 2}),
        ({}, {"position": AWAY}),
        ({}, {"is_submitted": False}),
    ],
)
def test_timed_assets_obey_blocks_tags_language_and_range(listener, facts):
    def heard(*, listener, **facts):
        one = Listener(**{"position": HERE, **listener})
        rule = TagRule({1: 1}, frozenset({1}))
        return Playlist(asset(9, **facts), listener=one, tag_rule=rule, timed_assets=[TimedAsset(9, 0, 5)]).all()

    assert heard(listener={}) == [9]
    assert heard(listener=listener, **facts) == []


def test_without_geo_listening_timed_assets_play_wherever_they_are():
    listener = Listener(is_geo=False)

    assert Playlist(asset(9, position=AWAY), listener=listener, timed_assets=[TimedAsset(9, 0, 5)]).all() == [9]


def test_a_track_plays_timed_assets_of_its_tags_only():
    rule = TagRule({1: 1, 2: 1})
    assets = [asset(1, tag_ids=frozenset({1})), asset(2, tag_ids=frozenset({2}))]
    both = [TimedAsset(1, 0, 5), TimedAsset(2, 0, 5)]

    assert Playlist(*assets, tag_rule=rule, timed_assets=both, track_values={"tag_ids": frozenset({2})}).all() == [2]


def test_timed_assets_of_unknown_assets_are_passed_over():
    assert by_weight(asset(1), timed_assets=[TimedAsset(99, 0, 5)]).all() == [1]


def test_what_remains_is_what_some_track_might_start_now():
    playlist = by_weight(*weights(10, 90, 50), timed_assets=[TimedAsset(2, 50, 60)], track_values={"banned_seconds": 9})

    assert playlist.remaining() == 3
    assert playlist.next() == 2
    assert playlist.remaining() == 2
    assert playlist.remaining(busy={1}) == 1
    playlist.wait(55)
    assert playlist.remaining() == 3
    playlist.walk(AWAY)
    assert playlist.remaining() == 0


def test_without_tracks_nothing_remains():
    director = Director(soundscape(assets=weights(10)), Listener(position=HERE))

    assert director.remaining(Moment(0, 0, frozenset())) == 0
