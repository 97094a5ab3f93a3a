"""A session goes on where its stream left off."""

from datetime import timedelta

from audio_engine.catalog import Play
from audio_engine.delivery.framing import FRAMINGS
from audio_engine.encoding.formats import Format
from audio_engine.planner.grid import seconds_of
from audio_engine.revival import planned_session
from audio_engine.session import burst_granules
from audio_engine.soundscape import Ordering, RepeatMode, Soundscape, TimedAsset
from backend.bus.events import AssetStarted
from tests.audio_engine.engine_room import record
from tests.audio_engine.planner.scenery import EPOCH, FakeSources, asset, granules, soundscape, track, wall_clock

NOW = granules(3600)
AT = wall_clock(NOW)


def started(scape: Soundscape, seconds=2, **values):
    """Which assets start within these seconds of a session that is made of such a row at `AT`."""
    planned = planned_session(record(**values), scape, FakeSources(), granule=NOW, wall_clock=wall_clock)
    planned.advance(NOW, granules(seconds))
    return [event.asset_id for event in planned.take_events() if isinstance(event, AssetStarted)]


def test_what_was_heard_a_minute_ago_is_not_heard_again_yet():
    scape = soundscape(assets=[asset(5), asset(6)], tracks=[track(1)])
    heard = (Play(5, AT - timedelta(seconds=60)),)
    assert started(scape, plays=heard) == [6]
    assert started(scape, seconds=60, plays=heard) == [6]


BURST = timedelta(seconds=seconds_of(burst_granules(FRAMINGS[Format.MP3], 128)))


def test_what_started_with_the_first_burst_was_heard_too():
    """The first session began before its stream was opened."""
    scape = soundscape(assets=[asset(5), asset(6)], tracks=[track(1)])
    opened_at = AT - timedelta(seconds=60)
    assert started(scape, opened_at=opened_at, plays=(Play(5, opened_at - BURST),)) == [6]


def test_what_was_heard_before_the_stream_was_opened_anew_may_be_heard_again():
    scape = soundscape(assets=[asset(5)], tracks=[track(1)])
    opened_at = AT - timedelta(seconds=60)
    heard = (Play(5, opened_at - BURST - timedelta(milliseconds=10)),)
    assert started(scape, opened_at=opened_at, plays=heard) == [5]


def test_a_timed_asset_that_started_with_the_first_burst_has_had_its_time():
    scape = soundscape(
        assets=[asset(5, weight=9), asset(6, weight=1)],
        tracks=[track(1, banned_seconds=1)],
        ordering=Ordering.BY_WEIGHT,
        timed_assets=[TimedAsset(5, 0.0, 600.0)],
        timed_assets_first=True,
        repeat_mode=RepeatMode.STOP,
    )
    opened_at = AT - timedelta(seconds=60)
    assert started(scape, opened_at=opened_at) == [5]
    assert started(scape, opened_at=opened_at, plays=(Play(5, opened_at - BURST),)) == [6]


def test_clocks_that_are_ahead_do_no_harm():
    scape = soundscape(assets=[asset(5), asset(6)], tracks=[track(1)])
    assert started(scape, plays=(Play(5, AT + timedelta(seconds=60)),)) == [6]


def test_a_paused_stream_is_paused():
    scape = soundscape(assets=[asset(5)], tracks=[track(1)])
    assert started(scape, is_paused=True) == []
    assert started(scape, is_paused=False) == [5]


def test_timed_assets_are_timed_since_the_stream_was_opened():
    scape = soundscape(
        assets=[asset(5, weight=1), asset(6, weight=9)],
        tracks=[track(1)],
        ordering=Ordering.BY_WEIGHT,
        timed_assets=[TimedAsset(5, 3590.0, 3700.0)],
    )
    assert started(scape, opened_at=EPOCH) == [5]
    assert started(scape, opened_at=AT) == [6]


def test_timed_assets_wait_for_as_long_as_the_stream_was_paused():
    scape = soundscape(
        assets=[asset(5, weight=1), asset(6, weight=9)],
        tracks=[track(1)],
        ordering=Ordering.BY_WEIGHT,
        timed_assets=[TimedAsset(5, 0.0, 600.0)],
    )
    assert started(scape, opened_at=EPOCH, paused_seconds=3100.0) == [5]
    assert started(scape, opened_at=EPOCH, paused_seconds=2900.0) == [6]
