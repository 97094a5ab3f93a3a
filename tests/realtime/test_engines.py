"""Staff see how each engine does, once a second at most, and which says nothing any more."""

import asyncio
from contextlib import aclosing
from datetime import UTC, datetime

import pytest

from backend import bus
from backend.bus.events import EngineReported
from backend.errors import NotPermitted
from backend.resources.viewer import ANONYMOUS
from realtime import engines, hub
from realtime.engines import Engines, engine_feed
from realtime.following import Following
from realtime.news import Refused
from tests.cast import make_cast, make_walk
from tests.realtime.held_clock import HeldClock

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest.fixture
def people(transactional_db):
    return make_cast(make_walk().project)


@pytest.fixture
def clock():
    return HeldClock()


@pytest.fixture
async def heard(clock):
    """What is told of the engines: which, its load, whether it is silent."""
    known, told = Engines(hub.current(), clock), []
    known.listen(lambda each: told.append((each.event.engine_id, each.event.load, each.event.is_silent)))
    return known, told


async def report(engine_id="one", load=0.5):
    bus.publish(EngineReported(engine_id, NOON, 60.0, load, 2, 3, 4, 5, 6, 7, 0.25))
    await asyncio.sleep(0)


async def test_a_report_is_told_at_once(heard):
    _, told = heard
    await report()
    assert told == [("one", 0.5, False)]


async def test_more_than_one_a_second_is_told_as_the_newest(heard, clock):
    _, told = heard
    for load in (0.1, 0.2, 0.3):
        await report(load=load)
        clock.advance(0.25)
    assert told == [("one", 0.1, False)]
    clock.advance(0.25)
    assert told == [("one", 0.1, False), ("one", 0.3, False)]


async def test_every_engine_is_told_for_itself(heard):
    _, told = heard
    await report("one")
    await report("two", load=0.9)
    assert told == [("one", 0.5, False), ("two", 0.9, False)]


async def test_an_engine_that_says_nothing_is_said_to_be_silent_once(heard, clock):
    _, told = heard
    await report("one")
    await report("two")
    clock.advance(4.0)
    await report("two")
    clock.advance(0.9)
    assert told[2:] == [("two", 0.5, False)]
    clock.advance(0.1)
    assert told[3:] == [("one", 0.5, True)]
    clock.advance(3.0)
    assert len(told) == 4


async def test_one_that_speaks_again_is_silent_no_more(heard, clock):
    known, told = heard
    await report()
    clock.advance(7.0)
    await report(load=0.1)
    assert told[1:] == [("one", 0.5, True), ("one", 0.1, False)]
    assert [each.event.is_silent for each in known.snapshot()] == [False]


async def test_a_newcomer_is_told_of_the_silent_too_until_they_are_forgotten(heard, clock):
    known, _ = heard
    await report()
    clock.advance(6.0)
    assert [(each.event.engine_id, each.event.is_silent) for each in known.snapshot()] == [("one", True)]
    clock.advance(engines.FORGET_SECONDS)
    assert known.snapshot() == []
    await report()
    assert len(known.snapshot()) == 1


async def test_so_many_engines_and_no_more_are_known(heard, monkeypatch):
    monkeypatch.setattr(engines, "MOST_ENGINES", 2)
    known, _ = heard
    for name in ("one", "two", "three"):
        await report(name)
    assert [each.event.engine_id for each in known.snapshot()] == ["one", "two"]


async def test_staff_follow_them(people):
    async with aclosing(Following(await engine_feed(people.curator), people.curator).happenings()) as told:
        coming = asyncio.ensure_future(anext(told))
        await asyncio.sleep(0)
        await report()
        event = (await asyncio.wait_for(coming, 5)).event
    assert (event.engine_id, event.reported_at, event.uptime_seconds, event.load) == ("one", NOON, 60.0, 0.5)
    assert (event.sessions, event.listeners, event.late_ticks, event.underruns, event.drops) == (2, 3, 4, 5, 6)
    assert (event.bank_bytes, event.largest_lag_seconds) == (7, 0.25)


@pytest.mark.parametrize("who", ["owner", "contributor", "stranger", "nobody"])
async def test_others_are_refused(people, who):
    with pytest.raises(NotPermitted):
        await engine_feed(ANONYMOUS if who == "nobody" else getattr(people, who))


async def test_who_is_not_of_the_staff_any_more_is_told_so_and_nothing_else(people):
    async with aclosing(Following(await engine_feed(people.curator), people.curator).happenings()) as told:
        coming = asyncio.ensure_future(anext(told))
        await asyncio.sleep(0)
        await report()
        await asyncio.wait_for(coming, 5)
        people.curator.is_staff = False
        await people.curator.asave()
        await report("another")
        (ended,) = [each.event async for each in told]
    assert isinstance(ended, Refused)
    assert isinstance(ended.error, NotPermitted)
