"""The table of sessions: commands reach them, also before they are here, and nobody gets another's."""

import asyncio

import pytest

from audio_engine import errands
from audio_engine.ledger import ListenersPresent
from audio_engine.planner.herald import NothingFound
from audio_engine.soundscape import GRANULE_FRAMES, SAMPLE_RATE
from backend.bus.commands import (
    BlockAssets,
    ChooseLanguage,
    CloseStream,
    DescribeStream,
    ExplainAsset,
    FilterTags,
    KeepAlive,
    MoveListener,
    OpenStream,
    PauseStream,
    PlayAsset,
    ResumeStream,
    SkipAsset,
    TellGains,
)
from backend.bus.events import (
    AssetEnded,
    AssetStarted,
    GainsChanged,
    ListenerMoved,
    RangeEntered,
    RangeLeft,
    StreamClosed,
    StreamPaused,
    StreamResumed,
)
from backend.geo.position import Position
from tests.audio_engine.engine_room import INSIDE, OUTSIDE, PROJECT, EngineRoom, plain_soundscape, record
from tests.audio_engine.planner.scenery import asset, granules, soundscape, track
from tests.patience import until

FAR_AWAY = Position(0.0, 40.0)


class NoPlayer:
    """An outlet that takes everything and keeps nothing."""

    def write(self, data):
        pass

    def get_write_buffer_size(self):
        return 0

    def close(self):
        pass

    abort = close


async def test_a_move_reaches_a_stream_that_is_not_here_yet():
    room = EngineRoom(record())
    await room.take(MoveListener("s1", OUTSIDE, heading=90.0))
    assert room.emitted_of(ListenerMoved)[-1] == ListenerMoved("s1", PROJECT, OUTSIDE, 90.0)


async def test_commands_that_come_while_the_row_is_read_are_done_in_their_order():
    room = EngineRoom(record())
    room.reads.gate.clear()
    await room.take(OpenStream("s1"), MoveListener("s1", OUTSIDE), MoveListener("s1", INSIDE))
    assert room.control.sessions == []
    room.reads.gate.set()
    await room.settle()
    assert [event.position for event in room.emitted_of(ListenerMoved)][-2:] == [OUTSIDE, INSIDE]
    assert room.reads.asked.count("s1") == 1


async def test_the_gains_are_told_again_to_who_asks_and_nobody_else_is_kept_or_woken():
    room = EngineRoom(record(), record("s2", number=13))
    await room.take(OpenStream("s1"), MoveListener("s1", OUTSIDE), MoveListener("s1", INSIDE))
    (session,) = room.control.sessions
    inside, asked_at = room.emitted_of(GainsChanged)[-1], session.last_command_at
    room.now += 5.0
    room.emitted.clear()
    await room.take(TellGains("s1"), TellGains("s2"), TellGains("unknown"))
    assert room.emitted_of(object) == [inside]
    assert inside.gains
    assert session.last_command_at == asked_at
    assert room.reads.asked.count("s2") == 0


async def test_an_unknown_stream_leaves_nothing_behind():
    room = EngineRoom()
    await room.take(MoveListener("unknown", OUTSIDE), KeepAlive("unknown"))
    assert room.control.sessions == []
    assert room.emitted == []


async def test_a_database_that_fails_once_does_not_block_the_stream(caplog):
    room = EngineRoom(record())
    answer, room.reads.stream_by_id = room.reads.stream_by_id, None
    await room.take(OpenStream("s1"))
    assert "could not do what it was asked" in caplog.text
    room.reads.stream_by_id = answer
    await room.take(OpenStream("s1"))
    assert len(room.control.sessions) == 1


async def test_an_own_recording_plays_as_soon_as_the_project_was_read_again():
    room = EngineRoom(record())
    await room.take(OpenStream("s1"))
    own = asset(9, is_submitted=False)
    room.reads.soundscapes[PROJECT] = soundscape(assets=[own], tracks=[track(1)])
    room.control.refresh(PROJECT)
    await room.take(PlayAsset("s1", 9))
    room.control.sessions[0].skip_to(granules(1))
    room.control.publish_events()
    assert [event.asset_id for event in room.emitted_of(AssetStarted)] == [9]


async def test_pause_and_resume_are_said_once():
    room = EngineRoom(record())
    await room.take(OpenStream("s1"), PauseStream("s1"), PauseStream("s1"), ResumeStream("s1"))
    assert len(room.emitted_of(StreamPaused)) == 1
    assert len(room.emitted_of(StreamResumed)) == 1


async def test_a_tag_filter_is_kept_by_its_own_stream_alone():
    room = EngineRoom(record("s1"), record("s2", number=13))
    await room.take(OpenStream("s1"), OpenStream("s2"), FilterTags("s1", (3, 4)))
    tags = {session.stream_id: session.planned.listener.tag_ids for session in room.control.sessions}
    assert tags == {"s1": frozenset({3, 4}), "s2": frozenset()}


async def test_a_language_that_was_chosen_decides_what_starts_next():
    room = EngineRoom(record(language_id=1))
    room.reads.soundscapes[PROJECT] = soundscape(assets=[asset(5, language_id=2)], tracks=[track(1)])
    await room.take(OpenStream("s1"))
    (session,) = room.control.sessions
    session.skip_to(granules(5))
    assert room.emitted_of(AssetStarted) == []
    await room.take(ChooseLanguage("s1", 2))
    session.skip_to(granules(6))
    assert [event.asset_id for event in room.emitted_of(AssetStarted)] == [5]


async def test_closing_ends_what_plays_and_says_so_once():
    room = EngineRoom(record())
    await room.take(OpenStream("s1"))
    session = room.control.sessions[0]
    session.skip_to(granules(2))
    (started,) = room.emitted_of(AssetStarted)
    await room.take(CloseStream("s1"))
    assert [event.play_id for event in room.emitted_of(AssetEnded)] == [started.play_id]
    assert room.emitted_of(StreamClosed) == [StreamClosed("s1", PROJECT, "CLOSED")]
    assert room.control.sessions == []
    assert session.broadcast.is_closed


async def test_only_the_right_key_finds_the_session():
    room = EngineRoom(record())
    assert await room.control.session_for_listener(12, "wrong") is None
    assert await room.control.session_for_listener(13, "secret") is None
    assert room.control.sessions == []
    found = await room.control.session_for_listener(12, "secret")
    assert found is not None and found.stream_id == "s1"
    assert await room.control.session_for_listener(12, "secret") is found


async def test_a_stream_that_was_opened_anew_loses_those_who_hold_the_old_key():
    room = EngineRoom(record())
    old = await room.control.session_for_listener(12, "secret")
    room.reads.records["s1"] = record(key="new")
    await room.take(OpenStream("s1"))
    (session,) = room.control.sessions
    assert session.key == "new" and session is not old
    assert old.broadcast.is_closed
    assert await room.control.session_for_listener(12, "secret") is None


async def test_an_edit_is_read_once_and_given_to_every_session_of_the_project():
    room = EngineRoom(record("s1"), record("s2", number=13))
    await room.take(OpenStream("s1"), OpenStream("s2"))
    before = room.reads.asked.count(PROJECT)
    edited = room.reads.soundscapes[PROJECT] = plain_soundscape()
    for _ in range(5):
        room.control.refresh(PROJECT)
    room.control.refresh(99)
    await room.settle()
    assert room.reads.asked.count(PROJECT) == before + 1
    assert 99 not in room.reads.asked
    assert room.control._soundscapes.known(PROJECT) is edited


async def test_an_edit_that_could_not_be_read_is_read_as_soon_as_it_can(monkeypatch):
    monkeypatch.setattr(errands, "RETRY_SECONDS", 0)
    room = EngineRoom(record())
    await room.take(OpenStream("s1"))
    edited, left = plain_soundscape(), [OSError("the database is away")] * 2

    async def soundscape_or_not(project_id):
        if left:
            raise left.pop()
        return edited

    monkeypatch.setattr(room.control._soundscapes, "_read", soundscape_or_not)
    room.control.refresh(PROJECT)
    await until(lambda: room.control._soundscapes.known(PROJECT) is edited)


async def test_a_stream_that_nobody_wants_ends_says_so_and_comes_back_by_its_row():
    room = EngineRoom(record())
    await room.take(OpenStream("s1"))
    room.now += 199
    room.control.keep_house()
    assert len(room.control.sessions) == 1
    room.now += 2
    room.control.keep_house()
    assert room.control.sessions == []
    assert room.emitted_of(StreamClosed) == [StreamClosed("s1", PROJECT, "IDLE")]
    await room.take(KeepAlive("s1"))
    assert len(room.control.sessions) == 1


async def test_what_plays_when_a_stream_falls_idle_is_told_with_the_time_it_played():
    room = EngineRoom(record())
    await room.take(OpenStream("s1"))
    room.control.sessions[0].skip_to(granules(2))
    room.now += 201
    room.control.keep_house()
    (started,), (ended,) = room.emitted_of(AssetStarted), room.emitted_of(AssetEnded)
    assert ended.play_id == started.play_id
    assert ended.played_seconds == granules(2) * GRANULE_FRAMES / SAMPLE_RATE
    assert isinstance(room.emitted[-1], StreamClosed)


async def test_a_listener_keeps_a_stream_and_so_does_any_command():
    room = EngineRoom(record("s1"), record("s2", number=13))
    await room.take(OpenStream("s1"), OpenStream("s2"))
    listener = room.control.sessions[0].broadcast.attach(NoPlayer())
    for _ in range(3):
        room.now += 150
        await room.take(KeepAlive("s2"))
        room.control.keep_house()
    assert [session.stream_id for session in room.control.sessions] == ["s1", "s2"]
    room.control.sessions[0].broadcast.detach(listener)
    room.now += 201
    room.control.keep_house()
    assert room.control.sessions == []


async def test_it_is_written_down_now_and_then_who_has_a_listener():
    room = EngineRoom(record("s1"), record("s2", number=13))
    await room.take(OpenStream("s1"), OpenStream("s2"))
    room.control.sessions[1].broadcast.attach(NoPlayer())
    for _ in range(20):
        room.now += 5
        room.control.keep_house()
    await room.settle()
    assert room.emitted_of(ListenersPresent) == [ListenersPresent(("s2",))] * 2


async def test_to_be_listened_to_brings_an_idle_stream_back():
    room = EngineRoom(record())
    assert await room.control.session_for_listener(12, "secret") is not None
    assert room.emitted_of(ListenersPresent) == [ListenersPresent(("s1",))]
    assert await room.control.session_for_listener(12, "secret") is not None
    assert len(room.emitted_of(ListenersPresent)) == 1


async def test_a_stream_that_is_closed_while_its_listener_waits_for_it_does_not_go_on():
    room = EngineRoom(record())
    go_on, real = asyncio.Event(), room.reads.stream_by_number

    async def slow(number):
        found = await real(number)
        await go_on.wait()
        return found

    room.reads.stream_by_number = slow
    listening = asyncio.create_task(room.control.session_for_listener(12, "secret"))
    await room.settle()
    room.reads.records.clear()
    await room.take(CloseStream("s1"))
    go_on.set()
    session = await listening
    await room.settle()
    assert room.control.sessions == []
    assert session.broadcast.is_closed


async def test_a_command_that_fails_ends_its_own_stream_alone(caplog):
    room = EngineRoom(record("s1"), record("s2", number=13))
    await room.take(OpenStream("s1"), OpenStream("s2"))

    def broken(*_, **__):
        raise ZeroDivisionError

    room.control.sessions[0].planned.move = broken
    await room.take(MoveListener("s1", OUTSIDE), MoveListener("s2", OUTSIDE))
    room.control.publish_events()
    assert [session.stream_id for session in room.control.sessions] == ["s2"]
    assert "stream s1: its plan failed" in caplog.text


async def test_to_be_asked_about_brings_no_stream_back():
    room = EngineRoom(record(bitrate_kbps=64))
    found = await room.control.session_for_question(12, "secret")
    assert (found.broadcast.bitrate_kbps, room.control.sessions, room.emitted_of(object)) == (64, [], [])
    assert await room.control.session_for_question(12, "wrong") is None
    assert await room.control.session_for_question(13, "secret") is None


async def test_to_be_asked_about_keeps_no_stream():
    room = EngineRoom(record())
    await room.take(OpenStream("s1"))
    (session,) = room.control.sessions
    for _ in range(2):
        assert await room.control.session_for_question(12, "secret") is session
        room.now += 150
        room.control.keep_house()
    assert room.control.sessions == []


async def test_streams_that_no_engine_serves_any_more_end():
    room = EngineRoom(record())
    await room.take(OpenStream("s1"))
    room.reads.unseen = [("s1", PROJECT), ("orphan", PROJECT)]
    room.now += 50
    room.control.keep_house()
    await room.settle()
    assert 300 in room.reads.asked
    assert room.emitted_of(StreamClosed) == [StreamClosed("orphan", PROJECT, "IDLE")]


async def test_what_is_blocked_is_not_heard_any_more():
    room = EngineRoom(record())
    await room.take(OpenStream("s1"))
    room.control.sessions[0].skip_to(granules(0.5))
    await room.take(BlockAssets("s1", (5,)))
    room.control.sessions[0].skip_to(granules(20))
    assert len(room.emitted_of(AssetStarted)) == 1
    assert room.control.sessions[0].planned.listener.blocked_asset_ids == {5}


async def test_a_block_wakes_no_stream():
    room = EngineRoom(record())
    await room.take(BlockAssets("s1", (5,)))
    assert (room.control.sessions, room.reads.asked) == ([], [])


async def test_what_was_blocked_before_the_stream_was_read_never_starts():
    room = EngineRoom(record(blocked_asset_ids=(5,)))
    await room.take(OpenStream("s1"))
    room.control.sessions[0].skip_to(granules(20))
    assert room.emitted_of(AssetStarted) == []


async def test_an_asset_is_explained_for_a_stream_that_must_be_read_first():
    room = EngineRoom(record())
    answer = await room.control.explain(ExplainAsset("s1", 5))
    assert (answer.stream_id, answer.asset_id, answer.is_known) == ("s1", 5, True)
    assert answer.reasons == room.control.sessions[0].planned.explain(5, granule=0)
    assert answer.reasons and all(reason.passed for reason in answer.reasons)
    unknown = await room.control.explain(ExplainAsset("unknown", 5))
    assert (unknown.is_known, unknown.reasons) == (False, ())


@pytest.mark.parametrize(
    ("values", "kind"),
    [
        ({}, None),
        ({"is_out_of_range": True}, RangeEntered),
        ({"position": FAR_AWAY}, RangeLeft),
        ({"is_out_of_range": True, "position": FAR_AWAY}, RangeLeft),
    ],
)
async def test_whether_a_stream_begins_in_range_is_told_unless_nobody_could_think_otherwise(values, kind):
    room = EngineRoom(record(**values))
    await room.take(OpenStream("s1"))
    told = [event for event in room.emitted_of(object) if isinstance(event, (RangeEntered, RangeLeft))]
    assert told == ([] if kind is None else [kind("s1", PROJECT)])


async def test_out_of_range_only_the_way_back_starts_what_is_played():
    room = EngineRoom(record(position=FAR_AWAY))
    await room.take(OpenStream("s1"))
    room.control.sessions[0].skip_to(granules(20))
    assert room.emitted_of(AssetStarted) == []
    await room.take(MoveListener("s1", INSIDE))
    room.control.sessions[0].skip_to(granules(25))
    assert len(room.emitted_of(RangeEntered)) == 1
    assert len(room.emitted_of(AssetStarted)) == 1


async def test_a_newly_approved_asset_is_heard_at_once_by_who_stands_near():
    room = EngineRoom(record())
    room.reads.soundscapes[PROJECT] = soundscape(assets=[asset(5, is_submitted=False)], tracks=[track(1)])
    await room.take(OpenStream("s1"))
    (session,) = room.control.sessions
    session.skip_to(granules(10))
    assert room.emitted_of(AssetStarted) == []
    room.reads.soundscapes[PROJECT] = soundscape(assets=[asset(5)], tracks=[track(1)])
    room.control.refresh(PROJECT)
    await room.settle()
    session.skip_to(granules(10.1))
    assert [event.asset_id for event in room.emitted_of(AssetStarted)] == [5]


@pytest.mark.parametrize("left", [[], [asset(5, is_submitted=False)]])
async def test_what_was_deleted_or_withdrawn_has_faded_within_half_a_second(left):
    room = EngineRoom(record())
    await room.take(OpenStream("s1"))
    (session,) = room.control.sessions
    session.skip_to(granules(1))
    room.reads.soundscapes[PROJECT] = soundscape(assets=left, tracks=[track(1)])
    room.control.refresh(PROJECT)
    await room.settle()
    session.skip_to(granules(1.5))
    (ended,) = room.emitted_of(AssetEnded)
    assert 1.3 < ended.played_seconds <= 1.5


async def test_what_is_blocked_while_it_plays_has_faded_within_half_a_second():
    room = EngineRoom(record())
    await room.take(OpenStream("s1"))
    (session,) = room.control.sessions
    session.skip_to(granules(1))
    await room.take(BlockAssets("s1", (5,)))
    session.skip_to(granules(1.5))
    (ended,) = room.emitted_of(AssetEnded)
    assert 1.3 < ended.played_seconds <= 1.5


@pytest.mark.parametrize("command", [SkipAsset("s1"), PauseStream("s1"), CloseStream("s1")])
async def test_the_time_that_an_asset_really_played_is_told(command):
    room = EngineRoom(record())
    await room.take(OpenStream("s1"))
    (session,) = room.control.sessions
    session.skip_to(granules(1))
    await room.take(command)
    if room.control.sessions:
        session.skip_to(granules(1.6))
    started, ended = room.emitted_of(AssetStarted)[0], room.emitted_of(AssetEnded)[0]
    fade = 0 if isinstance(command, CloseStream) else granules(0.5)
    assert ended.play_id == started.play_id
    assert ended.played_seconds == pytest.approx((granules(1) + fade) * GRANULE_FRAMES / SAMPLE_RATE)
    assert ended.played_seconds < started.planned_seconds


async def test_it_says_what_is_here():
    room = EngineRoom(record())
    assert not (await room.control.describe(DescribeStream("s1"))).is_live
    await room.take(OpenStream("s1"))
    assert (await room.control.describe(DescribeStream("s1"))).is_live


async def test_of_a_stream_that_is_being_read_it_speaks_when_it_has_been():
    room = EngineRoom(record())
    room.reads.gate.clear()
    await room.take(OpenStream("s1"))
    answer = asyncio.create_task(room.control.describe(DescribeStream("s1")))
    await room.settle()
    assert not answer.done()
    room.reads.gate.set()
    assert (await answer).is_live


async def test_what_starts_and_ends_is_shown_by_players_that_ask_for_titles():
    room = EngineRoom(record())
    await room.take(OpenStream("s1"))
    (session,) = room.control.sessions
    told = []
    session.broadcast.set_title = told.append
    session.job(8)
    room.control.publish_events()
    room.control.take(CloseStream("s1"))
    assert told == [
        "audiotrack=1&remaining=0&asset=5&tags=&title=",
        "audiotrack=1&remaining=0&asset=5&complete=True&title=",
    ]


async def test_that_a_track_finds_nothing_is_shown_and_told_to_nobody_else(monkeypatch):
    room = EngineRoom(record(position=Position(10.0, 10.0)))
    room.reads.soundscapes[PROJECT] = soundscape(assets=[asset(5)], tracks=[track(1), track(2)], name="Sea walk")
    await room.take(OpenStream("s1"))
    (session,) = room.control.sessions
    counted, told = [], []
    monkeypatch.setattr(type(session.planned), "remaining", property(lambda _: counted.append("once") or 0))
    session.broadcast.set_title = told.append
    for _ in range(40):
        session.job(8)
        room.control.publish_events()
    assert told == [f"audiotrack={number}&remaining=0&title=Sea walk" for number in (1, 2)]
    assert counted == ["once"]
    assert not any(isinstance(event, NothingFound) for event in room.emitted)
