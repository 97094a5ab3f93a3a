"""What the bus has missed is read again: sessions and projects become as they are stored, and sound goes on."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from audio_engine import errands
from audio_engine.soundscape import TICK_GRANULES
from backend.bus.commands import FilterTags, MoveListener, OpenStream, PauseStream, SkipAsset
from backend.bus.events import AssetEnded, AssetStarted, ListenerMoved, StreamClosed, StreamPaused
from tests.audio_engine.engine_room import INSIDE, OUTSIDE, PROJECT, EngineRoom, plain_soundscape, record
from tests.audio_engine.planner.scenery import EPOCH, asset, granules, soundscape, track

OTHER_PROJECT = 8


def wall(seconds):
    return EPOCH + timedelta(seconds=seconds)


class Behind(EngineRoom):
    """An engine whose sessions are open, and what is stored meanwhile."""

    async def opened(self):
        await self.take(*(OpenStream(stream_id) for stream_id in self.reads.records))
        return self

    def store(self, stream_id="s1", **values):
        self.reads.records[stream_id] = replace(self.reads.records[stream_id], **values)

    async def catch_up(self):
        self.control.catch_up()
        await self.settle()

    def planned(self, stream_id="s1"):
        (session,) = [each for each in self.control.sessions if each.stream_id == stream_id]
        return session.planned


async def test_what_was_chosen_meanwhile_is_taken_without_a_restart():
    room = await Behind(record()).opened()
    (before,) = room.control.sessions
    before.skip_to(granules(1))
    room.store(
        position=OUTSIDE,
        positioned_at=wall(100),
        heading=90.0,
        width=60.0,
        range_min=1.0,
        range_max=20.0,
        tag_ids=(3, 4),
        language_id=2,
        blocked_asset_ids=(9,),
    )
    await room.catch_up()
    (after,) = room.control.sessions
    assert after is before
    assert after.planned.listener == room.reads.records["s1"].listener()
    assert room.emitted_of(ListenerMoved) == [ListenerMoved("s1", PROJECT, OUTSIDE, 90.0)]
    assert (len(room.emitted_of(AssetStarted)), room.emitted_of(AssetEnded)) == (1, [])


async def test_what_is_known_already_changes_nothing_and_keeps_nobody_awake():
    room = await Behind(record(tag_ids=(3,), positioned_at=wall(0))).opened()
    (session,) = room.control.sessions
    room.control.publish_events()
    room.emitted.clear()
    room.now += 50
    await room.catch_up()
    assert room.emitted_of(object) == []
    assert session.last_command_at == room.now - 50


async def test_a_pause_and_its_end_are_taken():
    room = await Behind(record()).opened()
    room.store(is_paused=True)
    await room.catch_up()
    assert room.planned().is_paused
    assert len(room.emitted_of(StreamPaused)) == 1
    room.store(is_paused=False)
    await room.catch_up()
    assert not room.planned().is_paused


async def test_a_row_that_is_older_than_the_last_move_does_not_take_the_listener_back():
    room = await Behind(record(position=OUTSIDE, positioned_at=wall(99))).opened()
    await room.take(MoveListener("s1", INSIDE))
    await room.catch_up()
    assert room.planned().listener.position == INSIDE
    room.store(positioned_at=wall(101))
    await room.catch_up()
    assert room.planned().listener.position == OUTSIDE


async def test_a_stream_that_was_closed_ends_and_the_others_go_on():
    room = await Behind(record("s1"), record("s2", number=13)).opened()
    ending, staying = room.control.sessions
    del room.reads.records["s1"]
    await room.catch_up()
    assert room.emitted_of(StreamClosed) == [StreamClosed("s1", PROJECT, "CLOSED")]
    assert room.control.sessions == [staying]
    assert (ending.broadcast.is_closed, staying.broadcast.is_closed) == (True, False)


async def test_a_stream_that_was_closed_and_opened_anew_begins_anew():
    room = await Behind(record()).opened()
    (old,) = room.control.sessions
    room.store(key="another")
    await room.catch_up()
    (new,) = room.control.sessions
    assert (new.key, old.broadcast.is_closed) == ("another", True)
    assert room.emitted_of(StreamClosed) == [StreamClosed("s1", PROJECT, "CLOSED")]


async def test_commands_that_come_while_a_row_is_read_come_after_it():
    room = await Behind(record()).opened()
    room.store(tag_ids=(3,), is_paused=False)
    room.reads.gate.clear()
    await room.catch_up()
    await room.take(FilterTags("s1", (4,)), PauseStream("s1"), SkipAsset("s1"))
    assert room.planned().listener.tag_ids == frozenset()
    room.reads.gate.set()
    await room.settle()
    assert room.planned().listener.tag_ids == {4}
    assert room.planned().is_paused


async def test_every_project_in_use_is_read_again():
    room = await Behind(record()).opened()
    (session,) = room.control.sessions
    session.skip_to(granules(1))
    room.reads.soundscapes[PROJECT] = soundscape(assets=[asset(6)], tracks=[track(1)])
    await room.catch_up()
    session.skip_to(granules(3))
    assert [event.asset_id for event in room.emitted_of(AssetEnded)] == [5]
    assert [event.asset_id for event in room.emitted_of(AssetStarted)] == [5, 6]


async def test_few_are_read_at_once():
    rows = [record(f"s{number}", number=number) for number in range(20)]
    room = await Behind(*rows).opened()
    room.reads.asked.clear()
    room.reads.gate.clear()
    await room.catch_up()
    assert len(room.reads.asked) == errands.AT_ONCE
    room.reads.gate.set()
    for _ in range(5):
        await room.settle()
    assert sorted(map(str, room.reads.asked)) == sorted([*(row.stream_id for row in rows), str(PROJECT)])


async def test_a_gap_while_one_is_caught_up_with_is_caught_up_with_too():
    room = await Behind(record()).opened()
    room.reads.gate.clear()
    room.reads.asked.clear()
    await room.catch_up()
    await room.catch_up()
    room.reads.gate.set()
    await room.settle()
    assert room.reads.asked == ["s1", PROJECT, "s1", PROJECT]


async def test_a_database_that_is_away_is_asked_until_it_answers_and_commands_are_done(monkeypatch, caplog):
    monkeypatch.setattr(errands, "RETRY_SECONDS", 0)
    room = await Behind(record()).opened()
    room.store(tag_ids=(3,))
    answer, tries = room.reads.stream_by_id, []

    async def fail_twice(stream_id):
        tries.append(stream_id)
        if len(tries) > 2:
            return await answer(stream_id)
        room.control.take(MoveListener("s1", OUTSIDE))
        raise ConnectionError("away")

    room.reads.stream_by_id = fail_twice
    await room.catch_up()
    assert len(tries) == 3
    assert room.planned().listener.tag_ids == {3}
    assert room.planned().listener.position == OUTSIDE


async def test_a_stream_that_is_being_read_is_read_once_more():
    room = EngineRoom(record())
    room.reads.gate.clear()
    await room.take(OpenStream("s1"))
    room.control.catch_up()
    await room.settle()
    room.reads.gate.set()
    await room.settle()
    assert room.reads.asked.count("s1") == 2


async def test_an_edit_leaves_the_beat_room_between_the_sessions():
    rows = [record(f"s{number}", number=number) for number in range(5)]
    room = await Behind(*rows).opened()
    turns = []

    async def beat():
        while True:
            turns.append(sum(session.planned._surroundings is not old for session, old in before))
            await asyncio.sleep(0)

    before = [(session, session.planned._surroundings) for session in room.control.sessions]
    ticking = asyncio.create_task(beat())
    room.control.refresh(PROJECT)
    await room.settle()
    ticking.cancel()
    assert sorted(set(turns)) == [0, 1, 2, 3, 4, 5]


async def test_of_two_edits_the_later_is_everybodys():
    room = await Behind(record("s1"), record("s2", number=13), record("s3", number=14)).opened()
    first, second = plain_soundscape(), plain_soundscape()
    given = []
    for session in room.control.sessions:
        session.planned.replace_soundscape = lambda scape, granule: given.append(scape)
    room.reads.soundscapes[PROJECT] = first
    room.control.refresh(PROJECT)
    for _ in range(20):
        await asyncio.sleep(0)
        if given:
            break
    room.reads.soundscapes[PROJECT] = second
    room.control.refresh(PROJECT)
    await room.settle()
    assert given[-3:] == [second] * 3
    assert second not in given[:-3]


@pytest.mark.parametrize("ticks", [1, 10])
async def test_a_session_that_ends_while_an_edit_is_given_out_is_left_alone(ticks):
    room = await Behind(record("s1"), record("s2", number=13)).opened()
    for session in room.control.sessions:
        session.skip_to(ticks * TICK_GRANULES)
    room.control.refresh(PROJECT)
    await asyncio.sleep(0)
    room.control.close_all()
    await room.settle()
    assert room.control.sessions == []
