"""A stream's plan is told to those who mix by it: at once, as it changes, and to nobody else."""

import pytest

from audio_engine.planner.grid import seconds_of, utc_of
from audio_engine.session import MIX_LATENCY_SECONDS
from audio_engine.soundscape import TICK_GRANULES, SpeakerSource
from backend.bus.commands import KeepAlive, MoveListener, OpenStream, PauseStream, WatchMix
from backend.bus.events import MixPlanned, StreamClosed
from backend.geo.position import Position
from tests.audio_engine.engine_room import INSIDE, OUTSIDE, PROJECT, EngineRoom, record
from tests.audio_engine.planner.scenery import asset, soundscape, track, zone

AT_THE_EDGE = Position(0.0, 0.005)


class Watched(EngineRoom):
    """An engine room whose beat goes on, and the plans that it told since the last time."""

    def __init__(self, *records, **values):
        super().__init__(*records, **values)
        self.granule = 0

    def beat(self, ticks=1):
        for _ in range(ticks):
            self.granule += TICK_GRANULES
            for session in self.control.sessions:
                session.skip_to(self.granule)
            self.control.publish_events()
        return self.plans()

    def plans(self):
        told = [event for event in self.emitted if isinstance(event, MixPlanned)]
        self.emitted[:] = [event for event in self.emitted if not isinstance(event, MixPlanned)]
        return told


@pytest.fixture
def room():
    return Watched(record("s1"), record("s2", number=13))


async def test_nobody_is_told_what_nobody_watches(room):
    await room.take(OpenStream("s1"), OpenStream("s2"))
    await room.take(WatchMix("s1"))
    assert {plan.stream_id for plan in room.beat(20)} == {"s1"}


async def test_who_begins_to_watch_is_told_in_the_same_tick(room):
    await room.take(OpenStream("s1"))
    room.beat(10)
    await room.take(WatchMix("s1"))
    (plan,) = room.beat()
    assert (plan.stream_id, plan.project_id, plan.begins_at) == ("s1", PROJECT, utc_of(88))
    assert [speaker.url for speaker in plan.speakers] == ["speaker 1"]
    assert [voice.asset_id for voice in plan.assets] == [5]
    # Of a stream that nobody reads the plan is a burst behind the beat.
    assert plan.delay_seconds == seconds_of(room.control.sessions[0].burst_granules) + MIX_LATENCY_SECONDS


async def test_a_stream_that_is_not_here_is_read(room):
    await room.take(WatchMix("s1"), WatchMix("unknown"))
    assert [plan.stream_id for plan in room.beat()] == ["s1"]


async def test_it_is_told_once_and_again_when_it_has_changed(room):
    await room.take(OpenStream("s1"), WatchMix("s1"))
    (plan,) = room.beat(2)
    assert len(plan.assets) == 1
    assert room.beat(8) == []
    for change in (MoveListener("s1", OUTSIDE), MoveListener("s1", INSIDE), PauseStream("s1")):
        begin = utc_of(room.granule)
        await room.take(change)
        (plan,) = room.beat()
        assert plan.begins_at == begin, "what has changed is told from its first moment on"


async def test_a_listener_who_runs_to_and_fro_is_told_once_a_tick(room):
    room.reads.soundscapes[PROJECT] = soundscape(zones=[zone(1, attenuation_metres=1_000)])
    await room.take(OpenStream("s1"), WatchMix("s1"))
    room.beat(5)
    for _ in range(4):
        await room.take(*[MoveListener("s1", place) for place in (OUTSIDE, AT_THE_EDGE, INSIDE, AT_THE_EDGE)])
        assert len(room.beat()) == 1


async def test_an_edit_is_told(room):
    await room.take(OpenStream("s1"), WatchMix("s1"))
    room.beat(10)
    edited = soundscape(zones=[zone(1)], speaker_sources=[SpeakerSource("another")])
    room.reads.soundscapes[PROJECT] = edited
    room.control.refresh(PROJECT)
    await room.settle()
    (plan,) = room.beat()
    old, new = plan.speakers
    assert (old.url, old.gains[0].value, old.gains[-1].value) == ("speaker 1", 1.0, 0.0)
    assert (new.url, new.gains[0].value, new.gains[-1].value) == ("another", 0.0, 1.0)


async def test_what_ended_within_a_tick_is_told_to_its_end(room):
    room.reads.soundscapes[PROJECT] = soundscape(assets=[asset(5)], tracks=[track(1)])
    await room.take(OpenStream("s1"), WatchMix("s1"))
    plans = room.beat(25)
    (ended,) = plans[-1].assets
    assert plans[-1].begins_at < ended.ends_at < utc_of(room.granule)
    assert ended.gains[0].value > ended.gains[-1].value == 0


async def test_who_still_watches_says_so_and_is_told_the_plan_anew(room):
    room.reads.soundscapes[PROJECT] = soundscape(zones=[zone(1)])
    await room.take(OpenStream("s1"), WatchMix("s1"))
    room.beat(10)
    await room.take(WatchMix("s1"))
    assert len(room.beat(10)) == 1
    room.now += 29
    await room.take(MoveListener("s1", OUTSIDE))
    assert len(room.beat()) == 1
    room.now += 2
    await room.take(MoveListener("s1", INSIDE))
    assert room.beat(5) == []


async def test_to_watch_keeps_no_stream_alive(room):
    await room.take(OpenStream("s1"), OpenStream("s2"))
    for _ in range(3):
        room.now += 80
        await room.take(WatchMix("s1"), KeepAlive("s2"))
        room.control.keep_house()
    assert [session.stream_id for session in room.control.sessions] == ["s2"]
    assert room.emitted_of(StreamClosed) == [StreamClosed("s1", PROJECT, "IDLE")]


async def test_a_plan_that_cannot_be_told_ends_its_own_stream_alone(room, caplog):
    await room.take(OpenStream("s1"), OpenStream("s2"), WatchMix("s1"), WatchMix("s2"))
    room.control.sessions[0].planned.sounding = None
    assert {plan.stream_id for plan in room.beat(2)} == {"s2"}
    assert [session.stream_id for session in room.control.sessions] == ["s2"]
    assert "stream s1: what it does cannot be told" in caplog.text


async def test_events_that_cannot_be_told_end_their_own_stream_alone(room, monkeypatch):
    await room.take(OpenStream("s1"), OpenStream("s2"))
    first, _ = room.control.sessions
    monkeypatch.setattr(first.planned, "take_events", None)
    room.control.publish_events()
    assert first.has_failed
    monkeypatch.undo()
    room.beat()
    assert [session.stream_id for session in room.control.sessions] == ["s2"]
