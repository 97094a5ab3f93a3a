import numpy as np
import pytest

from audio_engine.planner.herald import NothingFound
from audio_engine.soundscape import GRANULE_FRAMES, SAMPLE_RATE, Ordering, Range, RepeatMode, SourceState, TimedAsset
from backend.bus.events import AssetEnded, AssetStarted, ListenerMoved, StreamPaused, StreamResumed
from backend.geo.position import Position
from backend.hearing.tags import TagRule
from tests.audio_engine.planner.scenery import (
    HERE,
    PROJECT,
    STREAM,
    FakeSources,
    Take,
    asset,
    granules,
    session,
    soundscape,
    track,
    wall_clock,
    zone,
)

AWAY = Position(10.0, 10.0)
# 4 s on the grid: 153 granules.
CLIP = int(4 * SAMPLE_RATE / GRANULE_FRAMES)
SILENCE = granules(1)


def many(count=20):
    """The highest number plays first."""
    return [asset(number, weight=number) for number in range(1, count + 1)]


def take(*tracks, assets=None, sources=None, seed=1, block=8, listener=(), **values):
    scape = soundscape(
        tracks=tracks or [track()],
        assets=many() if assets is None else assets,
        **{"ordering": Ordering.BY_WEIGHT, **values},
    )
    return Take(session(scape, sources, seed=seed, **dict(listener)), block=block)


def starts(taken):
    """(asset, granule) of every start."""
    seconds = [(event.started_at - wall_clock(0)).total_seconds() for event in taken.of(AssetStarted)]
    return list(zip(taken.started(), map(granules, seconds), strict=True))


def played(taken):
    """(asset, granules) of every end."""
    return [(event.asset_id, granules(event.played_seconds)) for event in taken.of(AssetEnded)]


def silent_between(taken, first, last):
    return all(gains[first : last + 1].max() == 0 for gains in taken.gains.values())


class TestRequests:
    """An asset that the listener asked for."""

    def test_it_plays_at_once_and_whole_on_one_track(self):
        taken = take(track(1), track(2), assets=[*many(), asset(30, weight=0, duration_seconds=9.0)]).seconds(2)
        asked = taken.now
        taken.session.play(30, granule=asked)
        taken.seconds(12)

        assert starts(taken)[2] == (30, asked + granules(0.5))
        assert taken.of(AssetStarted)[2].offset_seconds == 0.0
        assert (30, int(9 * SAMPLE_RATE / GRANULE_FRAMES)) in played(taken)
        assert (19, CLIP) in played(taken)

    def test_a_silent_track_takes_it_without_a_pause(self):
        taken = take(track(1), assets=[asset(1, position=AWAY)]).seconds(1)
        asked = taken.now
        taken.session.play(1, granule=asked)

        assert starts(taken.seconds(1)) == [(1, asked)]

    @pytest.mark.parametrize(
        "obstacle", [{"position": AWAY}, {"is_submitted": False}, {"language_id": 9}, {"tag_ids": frozenset()}]
    )
    def test_nothing_bans_it(self, obstacle):
        rule = TagRule(category_of={1: 1}, listen_categories=frozenset({1}), default_tags=frozenset({1}))
        taken = take(assets=[asset(1, **obstacle)], tag_rule=rule, listener={"language_id": 1}).seconds(1)
        assert taken.started() == []
        taken.session.play(1, granule=taken.now)

        assert taken.seconds(1).started() == [1]

    def test_what_plays_already_is_not_played_again(self):
        taken = take().seconds(1)
        taken.session.play(20, granule=taken.now)

        assert taken.seconds(3.5).started() == [20]

    def test_what_is_asked_for_twice_plays_once(self):
        taken = take(track(1), track(2)).seconds(1)
        taken.session.play(5, granule=taken.now)
        taken.until(taken.now + 8)
        taken.session.play(5, granule=taken.now)

        assert taken.seconds(2).started().count(5) == 1

    def test_what_just_fades_is_heard_again_when_it_is_asked_for(self):
        taken = take(track(1)).seconds(1)
        taken.session.skip(granule=taken.now)
        end = taken.now + granules(0.5)
        taken.until(taken.now + 8)
        taken.session.play(20, granule=taken.now)

        assert starts(taken.seconds(1)) == [(20, 0), (20, end)]

    def test_what_a_track_waits_for_is_waited_for_longer_when_it_is_asked_for(self):
        sources = FakeSources(pending=["asset 2"])
        taken = take(assets=many(2), sources=sources).seconds(1)
        taken.session.play(2, granule=taken.now)
        assert taken.seconds(6).started() == []
        sources.states.clear()

        assert taken.seconds(0.5).started() == [2]

    def test_of_many_at_once_each_is_heard_and_the_last_ones_are_whole(self):
        assets = [asset(number, weight=number, duration_seconds=9.0) for number in range(1, 9)]
        taken = take(track(1), track(2), assets=assets).seconds(2)
        asked = taken.now
        for number in (1, 2, 3, 4, 5, 6):
            taken.session.play(number, granule=asked)
        taken.seconds(11)

        fade = granules(0.5)
        assert starts(taken)[2:] == [(number, asked + (number + 1) // 2 * fade) for number in (1, 2, 3, 4, 5, 6)]
        assert played(taken)[2:6] == [(number, fade) for number in (1, 2, 3, 4)]
        assert played(taken)[6:] == [(number, int(9 * SAMPLE_RATE / GRANULE_FRAMES)) for number in (5, 6)]

    def test_one_that_is_not_known_yet_plays_when_it_is(self):
        taken = take(assets=[]).seconds(1)
        taken.session.play(5, granule=taken.now)
        assert taken.seconds(1).started() == []
        added = taken.now
        new = soundscape(tracks=[track()], assets=[asset(5, is_submitted=False, position=AWAY)])
        taken.session.replace_soundscape(new, granule=added)

        assert starts(taken.seconds(1)) == [(5, added)]

    def test_an_edit_lets_it_go_on_until_it_is_deleted(self):
        own = asset(5, is_submitted=False)
        taken = take(assets=[own]).seconds(1)
        taken.session.play(5, granule=taken.now)
        taken.seconds(1)
        taken.session.replace_soundscape(soundscape(tracks=[track()], assets=[own]), granule=taken.now)
        assert played(taken.seconds(1)) == []
        deleted = taken.now
        taken.session.replace_soundscape(soundscape(tracks=[track()], assets=[]), granule=deleted)

        assert [asset_id for asset_id, _ in played(taken.seconds(0.6))] == [5]

    def test_a_paused_stream_plays_it_when_it_is_resumed(self):
        taken = take(assets=[asset(1, position=AWAY)]).seconds(1)
        taken.session.pause(granule=taken.now)
        taken.session.play(1, granule=taken.now)
        assert taken.seconds(2).started() == []
        resumed = taken.now
        taken.session.resume(granule=resumed)

        assert starts(taken.seconds(1)) == [(1, resumed)]

    def test_one_whose_sound_is_being_prepared_is_waited_for_longer(self):
        sources = FakeSources(pending=["asset 1"])
        taken = take(assets=many(2), sources=sources).seconds(1)
        taken.session.play(1, granule=taken.now)
        assert taken.seconds(6).started() == [2]
        sources.states.clear()

        assert taken.seconds(0.5).started() == [2, 1]

    def test_one_whose_sound_is_broken_is_given_up(self):
        taken = take(assets=many(2), sources=FakeSources(broken=["asset 1"])).seconds(1)
        taken.session.play(1, granule=taken.now)

        assert taken.seconds(6).started() == [2]


class TestTracks:
    def test_a_track_plays_assets_with_dead_air_between(self):
        taken = take().seconds(11)

        turn = CLIP + SILENCE
        assert starts(taken) == [(20, 0), (19, turn), (18, 2 * turn)]
        assert played(taken) == [(20, CLIP), (19, CLIP)]
        assert silent_between(taken, CLIP, turn)
        assert taken.gains["asset 19"][turn + 60, 0] == pytest.approx(0.5**0.5)

    def test_every_start_tells_all_of_it(self):
        taken = take(assets=[asset(5, start_seconds=3.0, end_seconds=6.0)]).seconds(4)

        (started,), (ended,) = taken.of(AssetStarted), taken.of(AssetEnded)
        planned = int(3 * SAMPLE_RATE / GRANULE_FRAMES) * GRANULE_FRAMES / SAMPLE_RATE
        assert started == AssetStarted(
            STREAM, PROJECT, started.play_id, 5, 1, wall_clock(0), offset_seconds=3.0, planned_seconds=planned
        )
        assert ended == AssetEnded(STREAM, PROJECT, started.play_id, 5, 1, played_seconds=planned)

    def test_the_voice_sounds_the_drawn_place_of_the_source(self):
        taken = take(assets=[asset(5, start_seconds=3.0)]).seconds(2)

        (started,) = taken.of(AssetStarted)
        expected = round(started.offset_seconds * SAMPLE_RATE) + 16 * GRANULE_FRAMES
        assert taken.offsets[16, "asset 5"] == expected

    def test_a_track_may_start_with_silence(self):
        taken = take(track(1, starts_with_silence=True), track(2)).seconds(2)

        assert starts(taken) == [(20, 0), (19, SILENCE)]

    def test_tracks_that_are_not_active_do_not_play(self):
        assert take(track(is_active=False)).seconds(9).started() == []

    def test_no_asset_plays_on_two_tracks_at_once(self):
        taken = take(track(1), track(2), track(3), assets=many(2)).seconds(3)

        assert sorted(taken.started()) == [1, 2]

    def test_without_dead_air_assets_follow_each_other(self):
        taken = take(track(dead_air_seconds=Range(0, 0))).seconds(9)

        assert starts(taken) == [(20, 0), (19, CLIP), (18, 2 * CLIP)]

    def test_a_track_that_found_nothing_plays_when_the_listener_comes_near(self):
        taken = take(listener={"position": AWAY}).seconds(1.5)
        assert taken.started() == []

        taken.session.move(HERE, granule=taken.now)
        first = taken.now
        taken.seconds(1)

        assert starts(taken) == [(20, first)]

    def test_a_track_that_found_nothing_plays_when_a_ban_has_passed(self):
        taken = take(track(banned_seconds=10), assets=many(1), repeat_mode=RepeatMode.CONTINUOUS).seconds(12)

        assert [asset_id for asset_id, _ in starts(taken)] == [1, 1]
        assert granules(10) <= starts(taken)[1][1] <= granules(11)

    def test_a_track_says_once_that_it_finds_nothing_however_often_it_looks(self):
        taken = take(track(1), track(2), listener={"position": AWAY}).seconds(5)
        for metres in range(1, 6):
            taken.session.move(Position(10.0 + metres / 1e5, 10.0), granule=taken.now)
            taken.seconds(1)

        assert taken.of(NothingFound) == [NothingFound(1), NothingFound(2)]

    def test_a_track_that_has_played_says_again_that_it_finds_nothing(self):
        taken = take(assets=many(1)).seconds(10)

        assert [type(event) for event in taken.events] == [AssetStarted, AssetEnded, NothingFound]

    def test_a_track_that_waits_for_a_sound_has_found_something(self):
        taken = take(assets=many(1), sources=FakeSources(pending=["asset 1"])).seconds(1)

        assert taken.of(NothingFound) == []

    def test_in_a_pause_no_track_looks_for_anything(self):
        taken = take(assets=[])
        taken.session.pause(granule=0)
        taken.seconds(3)
        assert taken.of(NothingFound) == []

        taken.session.resume(granule=taken.now)
        assert taken.seconds(2).of(NothingFound) == [NothingFound(1)]

    def test_an_asset_plays_out_when_its_listener_walks_away(self):
        taken = take().seconds(1)
        taken.session.move(AWAY, granule=taken.now)
        taken.seconds(5)

        assert played(taken) == [(20, CLIP)]
        assert taken.started() == [20]

    def test_tags_narrow_what_starts_next(self):
        rule = TagRule({1: 1, 2: 1}, frozenset({1}), frozenset({1, 2}))
        assets = [asset(1, tag_ids=frozenset({1})), asset(2, tag_ids=frozenset({2}), weight=90), asset(3, weight=99)]
        taken = take(assets=assets, tag_rule=rule).seconds(1)
        taken.session.filter_tags([1], granule=taken.now)
        taken.seconds(5)

        assert taken.started() == [2, 1]
        assert played(taken) == [(2, CLIP)]

    def test_positions_are_told(self):
        taken = take()
        taken.session.move(AWAY, heading=45.0, granule=8)

        assert taken.seconds(0.1).of(ListenerMoved) == [ListenerMoved(STREAM, PROJECT, AWAY, 45.0)]

    def test_ranges_fall_back_when_the_next_move_leaves_them_out(self):
        taken = take(assets=[asset(1, position=Position(0.0, 0.6))]).seconds(0.5)
        taken.session.move(HERE, range_max=20_000, granule=taken.now)
        taken.seconds(0.5)
        assert taken.started() == [1]

        taken.session.move(HERE, granule=taken.now)
        assert taken.session.listener.range_max is None


class TestSources:
    def test_a_broken_source_is_passed_over_at_once(self):
        taken = take(sources=FakeSources(broken=["asset 20", "asset 19"])).seconds(1)

        assert starts(taken) == [(18, 0)]

    def test_a_broken_source_may_come_back(self):
        sources = FakeSources(broken=["asset 1"])
        taken = take(assets=many(1), sources=sources).seconds(1)
        sources.states.clear()

        assert taken.seconds(62).started() == [1]

    def test_with_all_sources_broken_nothing_plays_and_nothing_hangs(self):
        taken = take(sources=FakeSources(broken=[f"asset {number}" for number in range(1, 21)])).seconds(9)

        assert taken.events == [NothingFound(1)]

    def test_a_source_in_preparation_is_waited_for(self):
        sources = FakeSources(pending=["asset 20"])
        taken = take(track(1), track(2), sources=sources).seconds(1)
        assert taken.started() == [19]
        assert set(sources.asked) == {"asset 20", "asset 19"}

        sources.states.clear()
        assert taken.seconds(1).started() == [19, 20]

    def test_a_source_that_takes_long_is_put_off(self):
        taken = take(sources=FakeSources(pending=["asset 20"])).seconds(3)

        assert [asset_id for asset_id, _ in starts(taken)] == [19]
        assert granules(2) <= starts(taken)[0][1] <= granules(2.3)

    def test_one_that_was_put_off_plays_as_soon_as_it_is_there(self):
        sources = FakeSources(pending=["asset 1"])
        taken = take(assets=many(1), sources=sources).seconds(3)
        assert taken.started() == []
        sources.states.clear()

        assert taken.seconds(0.5).started() == [1]

    def test_what_comes_back_goes_before_what_is_lighter_and_still_awaited(self):
        sources = FakeSources(pending=["asset 20", "asset 19"])
        taken = take(sources=sources).seconds(3)
        sources.states.clear()

        assert taken.seconds(0.5).started() == [20]

    def test_one_that_was_put_off_and_breaks_gives_way(self):
        sources = FakeSources(pending=["asset 2", "asset 1"])
        taken = take(assets=many(2), sources=sources).seconds(3)
        sources.states = {"asset 2": SourceState.BROKEN}

        assert taken.seconds(0.5).started() == [1]

    def test_one_that_was_put_off_may_be_deleted(self):
        taken = take(assets=many(1), sources=FakeSources(pending=["asset 1"])).seconds(3)
        taken.session.replace_soundscape(soundscape(tracks=[track()], assets=[asset(2)]), granule=taken.now)

        assert taken.seconds(0.5).started() == [2]

    def test_a_source_that_is_shorter_than_its_asset_plays_what_there_is(self):
        sources = FakeSources()
        sources.seconds = {"asset 20": 2, "asset 19": 0}

        assert [length for _, length in played(take(sources=sources).seconds(3.2))] == [
            int(2 * SAMPLE_RATE / GRANULE_FRAMES)
        ]
        assert take(assets=many(19), sources=sources).seconds(1).started() == [18]


class TestSkip:
    def test_what_plays_fades_and_one_track_goes_on_at_once(self):
        taken = take(track(1), track(2, fade_out_seconds=Range(1, 1))).seconds(2)
        skipped = taken.now
        taken.session.skip(granule=skipped)
        taken.seconds(4)

        fast, slow = skipped + granules(0.5), skipped + granules(1)
        assert starts(taken)[2:] == [(18, fast), (17, slow + SILENCE)]
        assert played(taken)[:2] == [(20, fast), (19, slow)]
        assert taken.gains["asset 20"][[skipped, fast], 0] == pytest.approx([0.5**0.5, 0], abs=1e-3)

    def test_a_silent_track_is_the_one_that_goes_on(self):
        taken = take(track(1), track(2, starts_with_silence=True, dead_air_seconds=Range(30, 30))).seconds(2)
        skipped = taken.now
        taken.session.skip(granule=skipped)
        taken.seconds(2)

        assert starts(taken) == [(20, 0), (19, skipped), (18, skipped + granules(0.5) + SILENCE)]

    def test_a_silent_track_that_finds_nothing_lets_another_go_on(self):
        rule = TagRule({1: 1})
        picky = track(2, tag_ids=frozenset({1}))
        resting = track(3, tag_ids=frozenset({1}), starts_with_silence=True, dead_air_seconds=Range(30, 30))
        taken = take(track(1), picky, resting, assets=many(), tag_rule=rule).seconds(2)
        skipped = taken.now
        taken.session.skip(granule=skipped)

        assert starts(taken.seconds(2)) == [(20, 0), (19, skipped + granules(0.5))]

    def test_when_no_track_finds_anything_nothing_hangs(self):
        taken = take(track(1), track(2), assets=many(2)).seconds(2)
        taken.session.skip(granule=taken.now)

        assert taken.seconds(3).started() == [2, 1]

    def test_the_end_of_a_clip_plays_out(self):
        taken = take().until(CLIP - 9)
        taken.session.skip(granule=taken.now)
        taken.seconds(1)

        assert played(taken) == [(20, CLIP)]
        assert starts(taken)[1] == (19, CLIP)

    def test_skipping_twice_goes_on_from_what_fades(self):
        taken = take().seconds(2)
        taken.session.skip(granule=taken.now)
        end = taken.now + granules(0.5)
        taken.until(taken.now + 8)
        taken.session.skip(granule=taken.now)
        taken.seconds(2)

        assert played(taken) == [(20, end)]
        assert starts(taken)[1] == (19, end)

    def test_a_paused_stream_does_not_skip(self):
        taken = take().seconds(1)
        taken.session.pause(granule=taken.now)
        taken.seconds(1).session.skip(granule=taken.now)

        assert taken.seconds(3).started() == [20]


class TestPause:
    def test_tracks_fade_out_and_speakers_go_on(self):
        taken = take(zones=[zone(1)]).seconds(2)
        paused = taken.now
        taken.session.pause(granule=paused)
        taken.seconds(9)

        assert taken.of(StreamPaused) == [StreamPaused(STREAM, PROJECT)]
        assert played(taken) == [(20, paused + granules(0.5))]
        assert taken.started() == [20]
        assert taken.gains["asset 20"][paused + granules(0.5) :].max() == 0
        assert taken.level("speaker 1", 10) == (1, 1)

    def test_an_armed_start_does_not_happen(self):
        taken = take().until(CLIP + 8)
        taken.session.pause(granule=taken.now)

        assert taken.seconds(9).started() == [20]

    def test_resumed_tracks_start_after_their_dead_air(self):
        taken = take().seconds(2)
        taken.session.pause(granule=taken.now)
        taken.seconds(2)
        resumed = taken.now
        taken.session.resume(granule=resumed)
        taken.seconds(2)

        assert taken.of(StreamResumed) == [StreamResumed(STREAM, PROJECT)]
        assert starts(taken) == [(20, 0), (19, resumed + SILENCE)]

    def test_resuming_during_the_fade_lets_it_fade(self):
        taken = take().seconds(2)
        taken.session.pause(granule=taken.now)
        end = taken.now + granules(0.5)
        taken.until(taken.now + 8)
        taken.session.resume(granule=taken.now)
        taken.seconds(3)

        assert starts(taken) == [(20, 0), (19, end + SILENCE)]

    def test_pausing_twice_and_resuming_twice_are_once(self):
        taken = take()
        for _ in range(2):
            taken.session.pause(granule=0)
        for _ in range(2):
            taken.session.resume(granule=0)
        taken.seconds(0.1)

        assert len(taken.of(StreamPaused)) == len(taken.of(StreamResumed)) == 1

    def test_the_time_of_timed_assets_stops(self):
        brief = track(duration_seconds=Range(1, 1), banned_seconds=1)
        taken = take(brief, assets=[asset(9)], timed_assets=[TimedAsset(9, 5, 7)]).seconds(0.5)
        taken.session.pause(granule=taken.now)
        taken.seconds(6).session.resume(granule=taken.now)
        resumed = taken.now
        taken.seconds(9)

        assert taken.started() == [9, 9]
        assert granules(4.5) <= starts(taken)[1][1] - resumed <= granules(5.6)


class TestClose:
    def test_closing_ends_what_plays_with_its_real_time(self):
        taken = take(track(1), track(2)).seconds(2)
        taken.session.close(granule=taken.now)
        taken.events += taken.session.take_events()

        assert played(taken) == [(20, taken.now), (19, taken.now)]


class TestEdits:
    def edit(self, taken, *tracks, assets, **values):
        taken.session.replace_soundscape(
            soundscape(tracks=tracks, assets=assets, **{"ordering": Ordering.BY_WEIGHT, **values}), granule=taken.now
        )
        return taken

    def test_what_plays_goes_on(self):
        taken = self.edit(take().seconds(1), track(), assets=[*many(), asset(30, weight=30)]).seconds(5)

        assert played(taken) == [(20, CLIP)]
        assert taken.started() == [20, 30]

    @pytest.mark.parametrize("left", [[asset(1)], [asset(1), asset(20, is_submitted=False)]])
    def test_an_asset_that_is_withdrawn_fades_within_half_a_second(self, left):
        taken = take().seconds(2)
        withdrawn = taken.now
        self.edit(taken, track(), assets=left).seconds(2)

        assert withdrawn < played(taken)[0][1] <= withdrawn + granules(0.5)
        assert taken.started() == [20, 1]

    def test_an_asset_that_is_added_plays_when_there_was_nothing(self):
        taken = take(assets=[]).seconds(2)
        added = taken.now
        self.edit(taken, track(), assets=many(1)).seconds(1)

        assert starts(taken) == [(1, added)]

    def test_a_track_that_is_removed_fades_out_and_stays_silent(self):
        taken = take(track(1), track(2)).seconds(2)
        removed = taken.now
        self.edit(taken, track(2), assets=many()).seconds(9)

        assert played(taken)[0] == (20, removed + granules(0.5))
        assert {event.audiotrack_id for event in taken.of(AssetStarted)[2:]} == {2}

    def test_a_new_track_starts_at_once(self):
        taken = take(track(1)).seconds(2)
        added = taken.now
        self.edit(taken, track(1), track(2), assets=many()).seconds(1)

        assert starts(taken) == [(20, 0), (19, added)]

    def test_a_paused_stream_stays_paused(self):
        taken = take().seconds(1)
        taken.session.pause(granule=taken.now)
        self.edit(taken, track(1), track(2), assets=many()).seconds(9)

        assert taken.started() == [20]


FREE = {
    "duration_seconds": Range(2, 6),
    "dead_air_seconds": Range(0.5, 2),
    "fade_in_seconds": Range(0.1, 1),
    "fade_out_seconds": Range(0.1, 1),
    "volume": Range(0.2, 1),
    "pan": Range(-1, 1),
    "pan_seconds": Range(1, 3),
}


def walk(*, seed=1, block=8):
    """Half a minute with everything in it; commands every ten ticks."""
    zones = [zone(1, attenuation_metres=60_000), zone(2, min_volume=0.1)]
    taken = take(track(1, **FREE), track(2, **FREE), zones=zones, ordering=Ordering.RANDOM, seed=seed, block=block)
    planned = taken.session
    for number in range(14):
        taken.until(number * 80)
        planned.move(Position(0.0, 0.5 + number / 3000), granule=taken.now)
        if number in (4, 7):
            planned.skip(granule=taken.now)
        if number == 9:
            planned.pause(granule=taken.now)
        if number == 10:
            planned.resume(granule=taken.now)
    return taken.until(15 * 80)


def without_play_ids(taken):
    return [
        (type(event), getattr(event, "asset_id", None), getattr(event, "started_at", None)) for event in taken.events
    ]


@pytest.mark.parametrize("block", [1, 4, 16, 80])
def test_the_sound_does_not_depend_on_the_blocks(block):
    expected, taken = walk(), walk(block=block)

    assert without_play_ids(taken) == without_play_ids(expected)
    assert set(taken.gains) == set(expected.gains)
    for source, gains in expected.gains.items():
        np.testing.assert_allclose(taken.gains[source], gains, atol=1e-6)


def test_the_same_seed_gives_the_same_sound_and_another_another():
    first, again, other = walk(seed=5), walk(seed=5), walk(seed=6)

    assert without_play_ids(first) == without_play_ids(again)
    assert without_play_ids(first) != without_play_ids(other)
    assert all((first.gains[source] == gains).all() for source, gains in again.gains.items())


def test_two_playings_never_share_an_id():
    ids = [event.play_id for event in walk().of(AssetStarted)]

    assert len(set(ids)) == len(ids) > 5


def test_time_that_nobody_hears_passes_all_the_same():
    heard, unheard = take(), take()
    unheard.session.advance(0, granules(30))
    unheard.events += unheard.session.take_events()
    heard.until(granules(30))

    assert without_play_ids(unheard) == without_play_ids(heard)
    voices = unheard.session.plan(granules(30), 8)
    expected = heard.session.plan(granules(30), 8)
    assert [(voice.source, voice.offset) for voice in voices] == [(voice.source, voice.offset) for voice in expected]


def test_a_command_never_changes_what_is_planned_already():
    taken = take().seconds(2)
    taken.session.skip(granule=0)
    taken.seconds(1)

    assert played(taken) == [(20, granules(2) + granules(0.5))]


def test_only_sources_that_are_about_to_play_are_asked_for():
    sources = FakeSources()
    taken = take(sources=sources).seconds(20)

    assert sources.asked == [f"asset {number}" for number in taken.started()]
