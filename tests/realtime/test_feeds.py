"""Events reach those who watch the stream, all of them, and nobody else."""

import asyncio
from datetime import UTC, datetime

import pytest

from backend import bus
from backend.bus.events import (
    AssetStarted,
    GainsChanged,
    ListenerMoved,
    RangeLeft,
    SpeakerGain,
    StreamClosed,
    StreamPaused,
    StreamResumed,
)
from backend.errors import NotFound
from backend.geo.position import Position
from backend.listening.models import Stream, StreamState
from backend.resources.viewer import ANONYMOUS
from realtime import feeds
from tests.cast import INSIDE, LATITUDE, LONGITUDE, make_session, make_walk

HERE = Position(LATITUDE, LONGITUDE)


@pytest.fixture
def walk(transactional_db):
    return make_walk()


@pytest.fixture
def stream(walk, cast):
    return Stream.objects.create(session=make_session(walk.project, cast.contributor), **INSIDE)


def key(stream):
    return str(stream.pk)


async def first(count, events):
    """The next so many events."""
    return [await asyncio.wait_for(anext(events), 2) for _ in range(count)]


async def the_rest(events):
    return [event async for event in events]


async def test_a_watcher_learns_where_the_listener_is_and_then_all_that_happens(stream, cast):
    events = await feeds.stream_events(key(stream), cast.contributor)
    paused, resumed = StreamPaused(key(stream), 1), StreamResumed(key(stream), 1)
    moved = ListenerMoved(key(stream), stream.session.project_id, HERE)
    assert await first(1, events) == [moved]
    bus.publish(paused)
    bus.publish(resumed)
    assert await first(2, events) == [paused, resumed]


async def test_a_stored_pause_is_told(stream, cast):
    stream.state, stream.is_paused, stream.latitude, stream.longitude = StreamState.PAUSED, True, None, None
    await stream.asave()
    events = await feeds.stream_events(key(stream), cast.contributor)
    assert await first(1, events) == [StreamPaused(key(stream), stream.session.project_id)]


async def test_it_is_told_that_the_listener_is_far_away(stream, cast):
    stream.state, stream.latitude, stream.longitude = StreamState.OUT_OF_RANGE, None, None
    await stream.asave()
    events = await feeds.stream_events(key(stream), cast.contributor)
    assert await first(1, events) == [RangeLeft(key(stream), stream.session.project_id)]


async def test_what_this_process_has_heard_goes_before_what_is_stored(stream, cast):
    feeds.current()
    moved = ListenerMoved(key(stream), 1, Position(61.0, 25.0), 90.0)
    gains = GainsChanged(key(stream), 1, (SpeakerGain(4, 0.5),))
    plays = AssetStarted(key(stream), 1, "play", 2, 3, datetime.now(UTC), 0.0, 60.0)
    for event in (moved, gains, plays):
        bus.publish(event)
    events = await feeds.stream_events(key(stream), cast.contributor)
    assert await first(3, events) == [moved, gains, plays]


async def test_two_watchers_of_one_stream_get_the_same_and_those_of_others_nothing(walk, cast, stream):
    other = await Stream.objects.acreate(session=await make_session_of(walk, cast.stranger))
    one, two = [await feeds.stream_events(key(stream), cast.contributor) for _ in range(2)]
    elsewhere = await feeds.stream_events(key(other), cast.stranger)
    await first(1, one)
    await first(1, two)
    paused = StreamPaused(key(stream), 1)
    bus.publish(paused)
    assert await first(1, one) == await first(1, two) == [paused]
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(anext(elsewhere), 0.05)


async def make_session_of(walk, user):
    from asgiref.sync import sync_to_async

    return await sync_to_async(make_session)(walk.project, user)


@pytest.mark.parametrize("who", ["stranger", "owner", "nobody"])
async def test_a_strangers_stream_is_not_found_and_not_watched(stream, cast, who):
    viewer = ANONYMOUS if who == "nobody" else getattr(cast, who)
    for given in (key(stream), "0b8f6f3e-0000-4000-8000-000000000000", "rubbish"):
        with pytest.raises(NotFound):
            await feeds.stream_events(given, viewer)
    assert feeds.current().watchers(key(stream)) == 0


async def test_any_text_of_the_id_leads_to_the_events(stream, cast):
    events = await feeds.stream_events(stream.pk.hex.upper(), cast.contributor)
    await first(1, events)
    bus.publish(StreamPaused(key(stream), 1))
    assert await first(1, events) == [StreamPaused(key(stream), 1)]


async def test_the_feed_ends_with_the_stream_and_nobody_watches_on(stream, cast):
    events = await feeds.stream_events(key(stream), cast.contributor)
    await first(1, events)
    assert feeds.current().watchers(key(stream)) == 1
    closed = StreamClosed(key(stream), 1, "IDLE")
    bus.publish(closed)
    bus.publish(StreamPaused(key(stream), 1))
    assert await the_rest(events) == [closed]
    assert feeds.current().watchers(key(stream)) == 0


async def test_a_stream_that_had_ended_says_so_at_once(stream, cast):
    for state, reason in ((StreamState.CLOSED, "CLOSED"), (StreamState.IDLE, "IDLE")):
        stream.state = state
        await stream.asave()
        events = await feeds.stream_events(key(stream), cast.contributor)
        assert await the_rest(events) == [StreamClosed(key(stream), stream.session.project_id, reason)]


async def test_one_who_goes_is_forgotten(stream, cast):
    events = await feeds.stream_events(key(stream), cast.contributor)
    await first(1, events)
    await events.aclose()
    assert feeds.current().watchers(key(stream)) == 0


async def test_what_is_known_of_streams_has_an_end(stream, monkeypatch):
    monkeypatch.setattr(feeds, "MOST_STREAMS", 2)
    known = feeds.current()
    for name in ("one", "two", "three"):
        bus.publish(StreamPaused(name, 1))
    assert [known.join(name)[1] for name in ("one", "two", "three")] == [
        [],
        [StreamPaused("two", 1)],
        [StreamPaused("three", 1)],
    ]
