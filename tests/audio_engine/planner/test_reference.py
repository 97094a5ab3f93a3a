"""The old engine's own tests, as the reference's 6.2 lists them, in simulated time; its defects are done right."""

from itertools import pairwise

import pytest

from audio_engine.soundscape import Ordering, Range, RepeatMode, TimedAsset
from backend.bus.events import AssetStarted
from backend.geo.position import Position
from backend.hearing.tags import TagRule
from tests.audio_engine.planner.scenery import Take, asset, granules, session, soundscape, track, zone

# Around the polygon of the old range tests, and well away from it.
INSIDE, NEAR, FAR = Position(0.1, -0.1), Position(-0.3703, 0.0437), Position(-0.1, 0.1)
POLYGON = ((((-1.25, -0.49), (0.035, -0.49), (0.035, 0.63), (-1.25, 0.63), (-1.25, -0.49)),),)
HOLE = ((-0.6, 0.0), (-0.4, 0.0), (-0.4, 0.2), (-0.6, 0.2), (-0.6, 0.0))
BAN_SECONDS = 3
BRIEF = {
    "duration_seconds": Range(1, 1),
    "dead_air_seconds": Range(0, 0),
    "fade_in_seconds": Range(0, 0),
    "fade_out_seconds": Range(0, 0),
    "banned_seconds": BAN_SECONDS,
}
# Gender, age and question; 1 and 2, 3 and 4, 5 and 6.
RULE = TagRule({1: 1, 2: 1, 3: 2, 4: 2, 5: 3, 6: 3}, frozenset({1, 2, 3}), frozenset({3, 5}))


def placed(number, **values):
    return asset(number, **{"position": INSIDE, "weight": number, **values})


def old_engine(*assets, tracks=1, listener=(), **values):
    """Brief assets one after the other, heaviest first."""
    scape = soundscape(
        zones=[zone(1, polygons=POLYGON)],
        assets=assets or [placed(1), placed(2), placed(3)],
        tracks=[track(number, **BRIEF) for number in range(1, tracks + 1)],
        **{"ordering": Ordering.BY_WEIGHT, "out_of_range_metres": 1000, "recording_radius_metres": 10_000, **values},
    )
    return Take(session(scape, **{"position": INSIDE, **dict(listener)}))


def heard(taken, seconds):
    """What starts within so many seconds from now."""
    before = len(taken.started())
    return taken.seconds(seconds).started()[before:]


def move(taken, position, **aim):
    taken.session.move(position, granule=taken.now, **aim)


class TestRange:
    @pytest.mark.parametrize(("position", "is_in_range"), [(INSIDE, True), (NEAR, True), (FAR, False), (None, True)])
    def test_the_listener_is_in_range(self, position, is_in_range):
        assert old_engine(listener={"position": position}).session.is_in_range is is_in_range

    def test_everybody_is_in_range_without_geo_listening(self):
        assert old_engine(listener={"position": FAR, "is_geo": False}).session.is_in_range

    def test_inactive_speakers_are_not_involved(self):
        scape = soundscape(zones=[], assets=[placed(1)], tracks=[track(**BRIEF)])

        assert not session(scape, position=INSIDE).is_in_range

    def test_the_hole_is_outside_but_near(self):
        scape = soundscape(zones=[zone(1, polygons=((POLYGON[0][0], HOLE),))], out_of_range_metres=1000)

        assert not session(scape, position=Position(0.1, -0.5)).is_in_range
        assert session(scape, position=Position(0.1, -0.405)).is_in_range


class TestRepeating:
    def test_in_stop_mode_heavy_to_light_and_then_none(self):
        assert heard(old_engine(), 20) == [3, 2, 1]

    def test_after_leaving_and_returning_none_until_the_ban_has_passed_and_then_again(self):
        taken = old_engine()
        assert heard(taken, 3.5) == [3, 2, 1]
        move(taken, Position(0.1, -0.9))
        move(taken, INSIDE)
        assert heard(taken, 0.4) == [3]
        assert heard(taken, 20) == [2, 1]

    def test_without_geo_listening_a_choice_of_tags_brings_all_back_after_the_ban(self):
        taken = old_engine(listener={"is_geo": False, "position": None})
        assert heard(taken, 10) == [3, 2, 1]
        taken.session.filter_tags([], granule=taken.now)
        assert heard(taken, 10) == [3, 2, 1]
        taken.session.filter_tags([], granule=taken.now)
        taken.session.filter_tags([], granule=taken.now)
        assert heard(taken, 2.5) == [3, 2, 1]

    @pytest.mark.parametrize("listener", [{}, {"is_geo": False}, {"is_geo": False, "position": FAR}])
    def test_continuous_mode_restarts_with_the_heaviest_after_the_ban(self, listener):
        taken = old_engine(repeat_mode=RepeatMode.CONTINUOUS, listener=listener)

        assert heard(taken, 6.5) == [3, 2, 1, 3, 2, 1, 3]

    def test_continuous_mode_respects_the_ban(self):
        taken = old_engine(placed(1), repeat_mode=RepeatMode.CONTINUOUS)
        taken.seconds(10)

        begins = [event.started_at.timestamp() for event in taken.of(AssetStarted)]
        assert [round(later - earlier, 1) for earlier, later in pairwise(begins)] == [3.0] * 3


class TestOrder:
    def test_by_like(self):
        liked = [placed(number, likes=likes) for number, likes in ((1, 5), (2, 0), (3, 9), (4, 5))]

        assert heard(old_engine(*liked, ordering=Ordering.BY_LIKE), 9) == [3, 4, 1, 2]

    def test_by_weight(self):
        weighed = [placed(1, weight=50), placed(2, weight=99), placed(3, weight=0)]

        assert heard(old_engine(*weighed), 9) == [2, 1, 3]

    def test_by_chance_not_the_same_first_asset_more_than_8_times_of_10(self):
        scape = soundscape(assets=[placed(1), placed(2), placed(3)], tracks=[track(**BRIEF)])
        firsts = [Take(session(scape, position=INSIDE, seed=seed)).seconds(0.5).started()[0] for seed in range(10)]

        assert max(map(firsts.count, firsts)) <= 8


class TestCommands:
    def test_an_added_recording_goes_first(self):
        taken = old_engine().seconds(0.5)
        added = soundscape(
            assets=[placed(1), placed(2), placed(3), placed(9)],
            tracks=[track(**BRIEF)],
            ordering=Ordering.BY_WEIGHT,
            recording_radius_metres=10_000,
        )
        taken.session.replace_soundscape(added, granule=taken.now)

        assert heard(taken, 9) == [9, 2, 1]

    def test_a_played_asset_goes_to_the_top_and_is_not_heard_twice(self):
        taken = old_engine().seconds(0.2)
        taken.session.play(1, granule=taken.now)

        assert heard(taken, 40) == [1, 2]

    def test_an_unknown_asset_is_harmless(self):
        taken = old_engine().seconds(0.2)
        taken.session.play(77, granule=taken.now)

        assert heard(taken, 9) == [2, 1]

    def test_a_stream_can_be_paused_and_resumed(self):
        taken = old_engine().seconds(0.5)
        assert not taken.session.is_paused
        taken.session.pause(granule=taken.now)
        assert taken.session.is_paused
        assert heard(taken, 5) == []
        taken.session.resume(granule=taken.now)
        assert not taken.session.is_paused
        assert heard(taken, 5) == [2, 1]


class TestTags:
    assets = (
        placed(1, tag_ids=frozenset({1, 3, 5})),
        placed(2, tag_ids=frozenset({2, 4, 5})),
        placed(3, tag_ids=frozenset()),
    )

    @pytest.mark.parametrize(
        ("tags", "expected"),
        [
            ([], [1]),
            ([1, 4, 5], []),
            ([1, 2, 3, 4], [2, 1]),
            ([1, 2, 3, 4, 6], []),
            ([2], [2]),
            ([77], [3, 2, 1]),
        ],
    )
    def test_or_within_a_category_and_across(self, tags, expected):
        taken = old_engine(*self.assets, tag_rule=RULE, listener={"tag_ids": frozenset(tags)})

        assert heard(taken, 5) == expected

    def test_tags_of_groups_that_are_not_active_are_ignored(self):
        only_age = TagRule(RULE.category_of, frozenset({2}), frozenset())
        taken = old_engine(*self.assets, tag_rule=only_age, listener={"tag_ids": frozenset({1, 4, 5})})

        assert heard(taken, 5) == [2]

    def test_bans_persist_over_choices_of_tags(self):
        taken = old_engine(*self.assets, tag_rule=RULE, listener={"tag_ids": frozenset({1})})
        assert heard(taken, 1.5) == [1]
        taken.session.filter_tags([2], granule=taken.now)
        assert heard(taken, 1.2) == [2]
        taken.session.filter_tags([1], granule=taken.now)

        assert heard(taken, 9) == []

    def test_a_choice_of_tags_keeps_the_position(self):
        taken = old_engine(*self.assets, tag_rule=RULE, listener={"tag_ids": frozenset({6})})
        assert heard(taken, 1) == []
        taken.session.filter_tags([5], granule=taken.now)

        assert heard(taken, 5) == [2, 1]


class TestCandidates:
    @pytest.mark.parametrize(
        ("facts", "is_heard"),
        [
            ({}, True),
            ({"language_id": 1}, True),
            ({"language_id": 2}, False),
            ({"is_submitted": False}, False),
            ({"duration_seconds": None}, False),
            ({"duration_seconds": 0.0}, False),
            ({"is_audio": False}, False),
        ],
    )
    def test_by_language_submission_and_length(self, facts, is_heard):
        assert heard(old_engine(placed(1, **facts), listener={"language_id": 1}), 2) == ([1] if is_heard else [])

    def test_geo_listening_off_all_and_on_none_without_a_position(self):
        far = placed(1, position=Position(40, 40))

        assert heard(old_engine(far, listener={"is_geo": False, "position": None}), 2) == [1]
        assert heard(old_engine(far, listener={"position": None}), 2) == []

    def test_a_range_of_1_000_km_adds_far_assets_and_a_least_one_of_10_km_removes_near_ones(self):
        assets = [placed(1), placed(2, position=Position(3.0, 3.0))]
        taken = old_engine(*assets)
        assert heard(taken, 3) == [1]
        move(taken, INSIDE, range_max=1_000_000)
        assert heard(taken, 1.5) == [2]
        taken = old_engine(*assets, listener={"range_min": 10_000, "range_max": 1_000_000})
        assert heard(taken, 5) == [2]

    def test_inside_its_shape_an_asset_is_near_though_farther_than_the_radius(self):
        around = ((((-0.2, 0.0), (0.0, 0.0), (0.0, 0.2), (-0.2, 0.2), (-0.2, 0.0)),),)

        assert heard(old_engine(placed(1, position=Position(5, 5), shape=around)), 2) == [1]
        assert heard(old_engine(placed(1, position=Position(5, 5))), 2) == []

    def test_blocked_assets_are_left_out(self):
        assert heard(old_engine(listener={"blocked_asset_ids": frozenset({2})}), 9) == [3, 1]

    def test_coordinate_zero_is_a_coordinate(self):
        origin = Position(0.0, 0.0)
        taken = old_engine(placed(1, position=origin))
        move(taken, origin)

        assert heard(taken, 2) == [1]


class TestTimedAssets:
    timed = {"timed_assets": [TimedAsset(1, 0.0, 2.5)]}

    def test_with_priority_they_go_first(self):
        assert heard(old_engine(timed_assets_first=True, **self.timed), 9) == [1, 3, 2]

    def test_without_it_they_go_last(self):
        assert heard(old_engine(placed(1), placed(3), timed_assets_first=False, **self.timed), 9) == [3, 1]

    def test_tags_filter_them(self):
        taken = old_engine(
            *TestTags.assets,
            tag_rule=RULE,
            timed_assets=[TimedAsset(number, 0, 5) for number in (1, 2, 3)],
            listener={"tag_ids": frozenset({1}), "is_geo": False},
        )

        assert heard(taken, 9) == [1]

    def test_they_are_ordered_like_the_rest(self):
        timed = [TimedAsset(number, 0, 9) for number in (1, 2)]

        assert heard(old_engine(timed_assets=timed), 9) == [2, 1, 3]


def test_two_tracks_never_play_the_same_asset_at_once():
    taken = old_engine(tracks=2, repeat_mode=RepeatMode.CONTINUOUS).seconds(20)

    playing = set()
    for event in taken.events:
        if isinstance(event, AssetStarted):
            assert event.asset_id not in playing
            playing.add(event.asset_id)
        elif hasattr(event, "played_seconds"):
            playing.remove(event.asset_id)
    assert len(taken.started()) > 12


def test_the_listen_event_has_the_real_time_also_when_skipped():
    scape = soundscape(assets=[placed(1)], tracks=[track(duration_seconds=Range(9, 9))])
    taken = Take(session(scape, position=INSIDE)).seconds(2)
    taken.session.skip(granule=taken.now)
    taken.seconds(2)

    (ended,) = [event for event in taken.events if hasattr(event, "played_seconds")]
    assert granules(ended.played_seconds) == granules(2) + granules(0.5)
