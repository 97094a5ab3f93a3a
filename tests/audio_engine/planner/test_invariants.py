"""Whatever a listener and an editor do, a session keeps its promises."""

from collections import Counter

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from audio_engine.planner.lines import LEVEL_PER_GRANULE
from audio_engine.soundscape import Ordering, Range, RepeatMode, SourceState, TimedAsset
from backend.bus.events import AssetEnded, AssetStarted, GainsChanged
from backend.geo.position import Position
from backend.hearing.tags import TagRule
from tests.audio_engine.planner.scenery import FakeSources, Take, asset, granules, session, soundscape, track, zone

BLOCKED = 3
BROKEN = 4
BAN_SECONDS = 5
LOUDEST = 0.8
RULE = TagRule({1: 1, 2: 1}, frozenset({1}), frozenset({1, 2}))
FREE = {
    "duration_seconds": Range(0.5, 3),
    "dead_air_seconds": Range(0, 1),
    "fade_in_seconds": Range(0, 1),
    "fade_out_seconds": Range(0, 1),
    "volume": Range(0.1, LOUDEST),
    "pan": Range(-0.5, 1),
    "pan_seconds": Range(0, 2),
    "banned_seconds": BAN_SECONDS,
}

scapes = st.builds(
    lambda count, tracks, ordering, repeat, seconds: soundscape(
        zones=[zone(1, min_volume=0.1, max_volume=0.9, attenuation_metres=50_000), zone(2, max_volume=0.5)],
        assets=[
            asset(
                number,
                position=Position(0.0, 0.5 + number / 500),
                tag_ids=frozenset({1 + number % 2}),
                duration_seconds=seconds * number,
                is_submitted=number <= count,
            )
            for number in range(1, 10)
        ],
        tracks=[track(number, **FREE) for number in range(1, tracks + 1)],
        tag_rule=RULE,
        ordering=ordering,
        repeat_mode=repeat,
        timed_assets=[TimedAsset(2, 3, 9), TimedAsset(5, 0, 30)],
    ),
    st.integers(0, 9),
    st.integers(0, 3),
    st.sampled_from(Ordering),
    st.sampled_from(RepeatMode),
    st.floats(0.01, 5),
)
commands = st.lists(
    st.one_of(
        st.builds(lambda east: ("move", east), st.floats(-0.1, 1.1)),
        st.builds(lambda tags: ("filter_tags", tags), st.sampled_from([(), (1,), (2,), (1, 2), (77,)])),
        st.builds(lambda scape: ("replace_soundscape", scape), scapes),
        st.sampled_from([("skip",), ("pause",), ("resume",), ("wait",)]),
    ),
    max_size=30,
)


def obey(taken, command, *values):
    match command:
        case "wait":
            taken.seconds(2)
        case "move":
            taken.session.move(Position(0.0, *values), granule=taken.now)
        case _:
            getattr(taken.session, command)(*values, granule=taken.now)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(scapes, commands, st.integers(0, 2**63), st.integers(1, 20))
def test_a_session_keeps_its_promises(scape, orders, seed, pause):
    sources = FakeSources(broken=[f"asset {BROKEN}"])
    taken = Take(session(scape, sources, seed=seed, blocked_asset_ids=frozenset({BLOCKED})))
    for order in orders:
        obey(taken, *order)
        taken.until(taken.now + pause)
    taken.seconds(2).session.close(granule=taken.now)
    taken.events += taken.session.take_events()

    every_start_has_one_end(taken.events)
    no_asset_plays_twice_at_once(taken.events)
    nothing_forbidden_starts(taken.events, sources)
    gains_stay_within_bounds(taken)


def every_start_has_one_end(events):
    starts = Counter(event.play_id for event in events if isinstance(event, AssetStarted))
    ends = Counter(event.play_id for event in events if isinstance(event, AssetEnded))
    assert starts == ends
    assert set(starts.values()) <= {1}


def no_asset_plays_twice_at_once(events):
    """And time does not run backwards, nor does anything play for longer than was planned."""
    playing, on_track, planned = {}, {}, {}
    times = [event.started_at for event in events if isinstance(event, AssetStarted)]
    assert times == sorted(times)
    for event in events:
        if isinstance(event, AssetStarted):
            assert event.asset_id not in playing
            assert event.audiotrack_id not in on_track
            playing[event.asset_id] = on_track[event.audiotrack_id] = event.play_id
            planned[event.play_id] = event.planned_seconds
        elif isinstance(event, AssetEnded):
            assert playing.pop(event.asset_id) == on_track.pop(event.audiotrack_id) == event.play_id
            assert 0 <= event.played_seconds <= planned[event.play_id] + 1e-9


def nothing_forbidden_starts(events, sources):
    last = {}
    for event in events:
        if isinstance(event, AssetStarted):
            assert event.asset_id not in (BLOCKED, BROKEN)
            assert sources.state(f"asset {event.asset_id}") is SourceState.READY
            before = last.get(event.asset_id)
            assert before is None or granules((event.started_at - before).total_seconds()) >= granules(BAN_SECONDS)
            last[event.asset_id] = event.started_at


def gains_stay_within_bounds(taken):
    for event in taken.of(GainsChanged):
        assert all(0 < gain.gain <= 0.9 for gain in event.gains)
    for source, gains in taken.gains.items():
        assert np.isfinite(gains).all()
        assert gains.min() >= 0
        if source.startswith("asset"):
            assert np.hypot(*gains.T).max() <= LOUDEST + 1e-6
        else:
            assert gains.max() <= 0.9 + 1e-6
            assert np.abs(np.diff(gains[: taken.now + 1, 0])).max() <= LEVEL_PER_GRANULE + 1e-6
