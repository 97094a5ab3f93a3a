"""Whatever a listener and an editor do, a session keeps its promises."""

from collections import Counter
from random import Random

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from audio_engine.planner.lines import CROSS_FADE_PER_GRANULE, LEVEL_PER_GRANULE
from audio_engine.soundscape import Ordering, Range, RepeatMode, SourceState, TimedAsset, TimedPriority
from backend.bus.events import AssetEnded, AssetStarted, GainsChanged, RangeEntered, RangeLeft
from backend.geo.position import Position
from backend.hearing.eligibility import obstacles
from backend.hearing.tags import TagRule
from tests.audio_engine.planner.scenery import (
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

BROKEN = 4
BAN_SECONDS = 5
COMMANDS = 200
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


def scape_by(random):
    """A small project, with everything in it that a project may have."""
    count, seconds = random.randint(0, 9), random.choice([0.01, 0.3, 2, 5])
    return soundscape(
        zones=[zone(1, min_volume=0.1, max_volume=0.9, attenuation_metres=50_000), zone(2, max_volume=0.5)],
        assets=[
            asset(
                number,
                position=Position(0.0, 0.5 + number / 500),
                tag_ids=frozenset({1 + number % 2}),
                language_id=random.choice([None, 1, 2]),
                duration_seconds=seconds * number,
                is_submitted=number <= count,
            )
            for number in range(1, random.choice([5, 10]))
        ],
        tracks=[
            track(
                number,
                **FREE,
                tag_ids=frozenset(random.choice([(), (1,)])),
                is_active=random.random() < 0.8,
                fades_out_when_filtered=random.random() < 0.5,
                timed_priority=random.choice(list(TimedPriority)),
            )
            for number in range(1, random.randint(1, 4))
        ],
        tag_rule=RULE,
        ordering=random.choice(list(Ordering)),
        repeat_mode=random.choice(list(RepeatMode)),
        timed_assets=[TimedAsset(2, 3, 9), TimedAsset(5, 0, 300)],
        out_of_range_metres=10_000,
        out_of_range_source="far",
    )


def command_by(random):
    """Listeners mostly move; sometimes far away."""
    return random.choice(
        [
            ("move", Position(0.0, random.choice([0.5, 0.502, 0.51, 0.53, 1.05, 1.2]))),
            ("move", Position(0.0, random.uniform(0.49, 0.53))),
            ("filter_tags", random.choice([(), (1,), (2,), (1, 2), (77,)])),
            ("choose_language", random.choice([None, 1, 2])),
            ("block", random.sample(range(1, 10), random.randint(0, 3))),
            ("play", random.randint(1, 11)),
            ("replace_soundscape", scape_by(random)),
            ("skip",),
            ("pause",),
            ("resume",),
            ("resume",),
            ("wait",),
            ("prepare", random.choice(["asset 1", "asset 2", "speaker 1", "far"]), random.choice(list(SourceState))),
        ]
    )


class Witness:
    """Lets a session live through the commands, and knows what held when."""

    def __init__(self, random):
        self.sources = FakeSources(broken=[f"asset {BROKEN}"])
        self.scape = scape_by(random)
        self.taken = Take(session(self.scape, self.sources, seed=random.getrandbits(63)))
        self.asked = set()
        # An edit took them away: when another brings them back, they are new.
        self.forgotten = set()

    def obey(self, name, *values):
        now, taken = self.taken.now, self.taken
        if name == "wait":
            taken.seconds(2)
            return
        if name == "prepare":
            self.sources.states.update([values])
            return
        if name == "replace_soundscape":
            (scape,) = values
            self.forgotten.update(set(self.scape.assets.ids.tolist()) - set(scape.assets.ids.tolist()))
            self.scape = scape
        if name == "play":
            self.asked.update(values)
        getattr(taken.session, name)(*values, granule=now)

    def live(self, granules):
        """And what starts meanwhile was allowed to, as of now."""
        told = len(self.taken.events)
        self.taken.until(self.taken.now + granules)
        for event in self.taken.events[told:]:
            if isinstance(event, AssetStarted):
                self.was_allowed(event)

    def was_allowed(self, event):
        listener, index = self.taken.session.listener, self.scape.assets.index_of(event.asset_id)
        assert event.asset_id not in listener.blocked_asset_ids
        assert event.asset_id != BROKEN
        assert self.sources.state(f"asset {event.asset_id}") is SourceState.READY
        assert not self.taken.session.is_paused
        assert self.taken.session.is_in_range
        tracks = {one.id: one for one in self.scape.tracks if one.is_active}
        assert event.audiotrack_id in tracks
        if event.asset_id not in self.asked:
            found = obstacles(self.scape.assets, listener, RULE, radius_metres=self.scape.recording_radius_metres)
            assert found[index] == 0
            assert self.scape.assets.meet(RULE.demands(tracks[event.audiotrack_id].tag_ids))[index]


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.randoms(use_true_random=False).map(lambda random: Random(random.getrandbits(63))))
def test_a_session_keeps_its_promises(random):
    witness = Witness(random)
    for _ in range(COMMANDS):
        witness.obey(*command_by(random))
        witness.live(random.randint(1, 20))
    taken = witness.taken
    taken.session.close(granule=taken.now)
    taken.events += taken.session.take_events()

    every_start_has_one_end(taken.events)
    no_asset_plays_twice_at_once(taken.events)
    nothing_banned_starts(taken.events, witness.asked | witness.forgotten)
    gains_stay_within_bounds(taken)
    ranges_are_left_and_entered_in_turn(taken)


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


def nothing_banned_starts(events, free):
    """Within its ban nothing starts, but what is free of it, and what goes on where it was left."""
    last, left_at = {}, {}
    for event in events:
        if isinstance(event, AssetStarted):
            number, start = event.asset_id, granule_of(event.started_at)
            goes_on = round(event.offset_seconds, 6) == left_at.get(number)
            is_rested = number not in last or start - last[number][0] >= granules(BAN_SECONDS)
            assert is_rested or goes_on or number in free
            last[number] = start, event.offset_seconds
        elif isinstance(event, AssetEnded):
            left_at[event.asset_id] = round(last[event.asset_id][1] + event.played_seconds, 6)


def gains_stay_within_bounds(taken):
    for event in taken.of(GainsChanged):
        assert all(0 < gain.gain <= 0.9 for gain in event.gains)
    for source, gains in taken.gains.items():
        assert np.isfinite(gains).all()
        assert gains.min() >= 0
        if source.startswith("asset"):
            assert np.hypot(*gains.T).max() <= LOUDEST + 1e-6
        else:
            assert gains.max() <= (1 if source == "far" else 0.9) + 1e-6
            # A source may give way to another while both follow the listener.
            steepest = LEVEL_PER_GRANULE + CROSS_FADE_PER_GRANULE
            assert np.abs(np.diff(gains[: taken.now + 1, 0])).max() <= steepest + 1e-6


def ranges_are_left_and_entered_in_turn(taken):
    crossings = [type(event) for event in taken.events if isinstance(event, RangeLeft | RangeEntered)]
    assert crossings[::2] == [RangeLeft] * len(crossings[::2])
    assert crossings[1::2] == [RangeEntered] * len(crossings[1::2])
