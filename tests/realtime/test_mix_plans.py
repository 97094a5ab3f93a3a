"""A stream's plan reaches the listener and staff who watch it, newest first, and the engine learns that they do."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from asgiref.sync import sync_to_async

from backend import bus
from backend.bus.commands import KeepAlive, WatchMix
from backend.bus.events import MixedSpeaker, MixPlanned, MixPoint, StreamClosed, StreamPaused
from backend.errors import NotFound
from backend.listening.models import Stream, StreamState
from backend.projects.models import Project
from backend.resources.viewer import ANONYMOUS
from realtime import mix_plans
from tests.cast import INSIDE, make_session, make_walk


@pytest.fixture
def walk(transactional_db):
    return make_walk()


@pytest.fixture
def stream(walk, cast):
    return Stream.objects.create(session=make_session(walk.project, cast.contributor), **INSIDE)


def plan(stream, gain=1.0, *, seconds=30.0):
    now = datetime.now(UTC)
    speakers = (MixedSpeaker(4, "/s.wav", 60.0, 0.0, (MixPoint(0.0, gain),)),)
    return MixPlanned(key(stream), 1, now, now + timedelta(seconds=seconds), 2.5, speakers, ())


def key(stream):
    return str(stream.pk)


async def told(plans):
    return await asyncio.wait_for(anext(plans), 2)


async def is_silent(plans):
    """Whether nothing comes; the plans are given up."""
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(anext(plans), 0.05)
    return True


async def asked(bus_, kind, count=1):
    """So many requests of a kind, as soon as they have been sent."""
    for _ in range(400):
        if len(bus_.sent_of(kind)) >= count:
            break
        await asyncio.sleep(0.005)
    assert len(bus_.sent_of(kind)) >= count
    return bus_.sent_of(kind)


async def test_who_watches_is_told_the_plan_each_time_it_changes(stream, cast, recording_bus):
    plans = await mix_plans.mix_plan(key(stream), cast.contributor)
    first, second = plan(stream), plan(stream, 0.5)
    coming = asyncio.create_task(told(plans))
    assert await asked(recording_bus, WatchMix) == [WatchMix(key(stream))]
    bus.publish(first)
    assert await coming == first
    bus.publish(StreamPaused(key(stream), 1))
    bus.publish(second)
    assert await told(plans) == second


async def test_a_late_watcher_gets_the_newest_plan_alone(stream, cast):
    plans = await mix_plans.mix_plan(key(stream), cast.contributor)
    for gain in (0.1, 0.2):
        bus.publish(plan(stream, gain))
    newest = plan(stream, 0.3)
    bus.publish(newest)
    assert await told(plans) == newest
    assert await is_silent(plans)


async def test_who_comes_to_others_is_told_at_once(stream, cast):
    one = await mix_plans.mix_plan(stream.pk.hex.upper(), cast.contributor)
    known = plan(stream)
    bus.publish(known)
    assert await told(one) == known
    two = await mix_plans.mix_plan(key(stream), cast.curator)
    assert await told(two) == known


async def test_a_plan_whose_time_is_over_is_not_told(stream, cast):
    one = await mix_plans.mix_plan(key(stream), cast.contributor)
    bus.publish(plan(stream, seconds=-1.0))
    await told(one)
    assert await is_silent(await mix_plans.mix_plan(key(stream), cast.contributor))


async def test_the_engine_hears_again_and_again_that_somebody_watches(stream, cast, recording_bus, monkeypatch):
    monkeypatch.setattr(mix_plans, "WATCH_AGAIN_SECONDS", 0.01)
    plans = await mix_plans.mix_plan(key(stream), cast.contributor)
    assert recording_bus.sent_of(WatchMix) == []
    coming = asyncio.create_task(told(plans))
    await asked(recording_bus, WatchMix, 3)
    coming.cancel()
    await asyncio.wait([coming])
    await plans.aclose()
    count = len(recording_bus.sent_of(WatchMix))
    await asyncio.sleep(0.05)
    assert len(recording_bus.sent_of(WatchMix)) <= count + 1
    assert mix_plans.current().watchers(key(stream)) == 0


@pytest.mark.parametrize(("who", "kept"), [("contributor", 1), ("curator", 0)])
async def test_the_listener_keeps_the_stream_alive_by_watching_and_staff_do_not(stream, cast, recording_bus, who, kept):
    plans = await mix_plans.mix_plan(key(stream), getattr(cast, who))
    coming = asyncio.create_task(told(plans))
    await asked(recording_bus, WatchMix)
    bus.publish(plan(stream))
    await coming
    if kept:
        await asked(recording_bus, KeepAlive)
    assert len(recording_bus.sent_of(KeepAlive)) == kept


async def test_another_streams_plan_is_not_told(walk, stream, cast):
    plans = await mix_plans.mix_plan(key(stream), cast.contributor)
    other = await Stream.objects.acreate(session=await sync_to_async(make_session)(walk.project, cast.contributor))
    bus.publish(plan(other))
    assert await is_silent(plans)


async def test_it_ends_with_the_stream(stream, cast):
    plans = await mix_plans.mix_plan(key(stream), cast.contributor)
    last = plan(stream)
    bus.publish(last)
    assert await told(plans) == last
    bus.publish(StreamClosed(key(stream), 1, "CLOSED"))
    assert [each async for each in plans] == []
    assert mix_plans.current().watchers(key(stream)) == 0


async def test_it_ends_with_a_stream_whose_end_the_bus_has_lost(stream, cast):
    plans = await mix_plans.mix_plan(key(stream), cast.contributor)
    coming = asyncio.create_task(told(plans))
    bus.current().tell_gap()
    known = plan(stream)
    bus.publish(known)
    assert await coming == known
    stream.state = StreamState.CLOSED
    await stream.asave()
    bus.current().tell_gap()
    assert [each async for each in plans] == []
    assert mix_plans.current().watchers(key(stream)) == 0


@pytest.mark.parametrize("who", ["contributor", "curator"])
async def test_it_ends_with_a_stream_whose_project_is_deleted(walk, stream, cast, who):
    plans = await mix_plans.mix_plan(key(stream), getattr(cast, who))
    bus.publish(plan(stream))
    await told(plans)
    coming = asyncio.create_task(told(plans))
    await asyncio.sleep(0)
    await Project.objects.filter(pk=walk.project.pk).adelete()
    with pytest.raises(StopAsyncIteration):
        await coming
    assert mix_plans.current().watchers(key(stream)) == 0


async def test_who_is_staff_no_more_is_told_no_plan_any_more(stream, cast):
    plans = await mix_plans.mix_plan(key(stream), cast.curator)
    bus.publish(plan(stream))
    await told(plans)
    cast.curator.is_staff = False
    await cast.curator.asave()
    cast.curator.is_staff = True
    bus.publish(plan(stream))
    with pytest.raises(NotFound):
        await told(plans)
    assert mix_plans.current().watchers(key(stream)) == 0


@pytest.mark.parametrize("state", [StreamState.IDLE, StreamState.CLOSED])
async def test_a_stream_that_has_ended_has_no_plan(stream, cast, recording_bus, state):
    stream.state = state
    await stream.asave()
    plans = await mix_plans.mix_plan(key(stream), cast.contributor)
    assert [each async for each in plans] == []
    assert recording_bus.sent_of(WatchMix) == []


@pytest.mark.parametrize("who", ["stranger", "owner", "nobody"])
async def test_a_strangers_stream_is_not_found_and_not_watched(stream, cast, recording_bus, who):
    viewer = ANONYMOUS if who == "nobody" else getattr(cast, who)
    for given in (key(stream), "0b8f6f3e-0000-4000-8000-000000000000", "rubbish"):
        with pytest.raises(NotFound):
            await mix_plans.mix_plan(given, viewer)
    assert mix_plans.current().watchers(key(stream)) == 0
    assert recording_bus.sent_of(WatchMix) == []
