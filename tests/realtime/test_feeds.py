"""Events reach those who follow them and may see them, all of them, in order, and nobody else."""

import asyncio
from contextlib import aclosing, asynccontextmanager
from datetime import UTC, datetime

import pytest
from asgiref.sync import sync_to_async

from backend import bus
from backend.bus.commands import TellGains
from backend.bus.cursor import Cursor
from backend.bus.events import (
    AssetAdded,
    AssetChanged,
    AssetRemoved,
    AssetStarted,
    GainsChanged,
    ListenerMoved,
    RangeLeft,
    SoundscapeChanged,
    SpeakerGain,
    StreamClosed,
    StreamPaused,
    StreamResumed,
)
from backend.errors import NotFound
from backend.geo.position import Position
from backend.journal import queries as journal
from backend.journal.actions import record
from backend.journal.models import Entry
from backend.listening.models import Stream, StreamState
from backend.projects.models import Project
from backend.resources.viewer import ANONYMOUS
from realtime import feeds, hub
from realtime.following import Following
from realtime.happening import Happening, Lagged
from tests.cast import INSIDE, LATITUDE, LONGITUDE, make_cast, make_session, make_walk

HERE = Position(LATITUDE, LONGITUDE)
recorded = sync_to_async(record)


@pytest.fixture
def walk(transactional_db):
    return make_walk()


@pytest.fixture
def people(walk):
    return make_cast(walk.project)


@pytest.fixture
def stream(walk, people):
    return Stream.objects.create(session=make_session(walk.project, people.contributor), **INSIDE)


def key(stream):
    return str(stream.pk)


@asynccontextmanager
async def followed(feed, viewer, after=None):
    async with aclosing(Following(feed, viewer, after).happenings()) as happenings:
        yield happenings


@asynccontextmanager
async def following_stream(stream, viewer, after=None):
    async with followed(await feeds.stream_feed(key(stream), viewer), viewer, after) as happenings:
        yield happenings


@asynccontextmanager
async def following_project(project, viewer, kinds=None, after=None):
    """From when its past, of which nothing is told, is behind it."""
    async with followed(await feeds.project_feed(project.pk, viewer, kinds), viewer, after) as happenings:
        started = asyncio.ensure_future(anext(happenings))
        await asyncio.sleep(0)
        yield _from(started, happenings)
        started.cancel()


async def _from(first_one, happenings):
    yield await first_one
    async for happening in happenings:
        yield happening


async def first(count, happenings):
    """The next so many events."""
    return [(await asyncio.wait_for(anext(happenings), 5)).event for _ in range(count)]


async def test_a_follower_learns_where_the_listener_is_and_then_all_that_happens(stream, people):
    project_id = stream.session.project_id
    paused, resumed = StreamPaused(key(stream), project_id), StreamResumed(key(stream), project_id)
    async with following_stream(stream, people.contributor) as happenings:
        assert await first(1, happenings) == [ListenerMoved(key(stream), project_id, HERE)]
        await recorded(paused)
        await recorded(resumed)
        assert await first(2, happenings) == [paused, resumed]


async def test_a_stored_pause_and_distance_are_told(stream, people):
    stream.state, stream.is_paused, stream.latitude, stream.longitude = StreamState.OUT_OF_RANGE, True, None, None
    await stream.asave()
    project_id = stream.session.project_id
    async with following_stream(stream, people.contributor) as happenings:
        assert await first(2, happenings) == [StreamPaused(key(stream), project_id), RangeLeft(key(stream), project_id)]


async def test_what_plays_is_known_from_the_log_by_a_process_that_has_just_started(stream, people):
    plays = AssetStarted(key(stream), stream.session.project_id, "play", 2, 3, datetime.now(UTC), 0.0, 60.0)
    await recorded(plays)
    async with following_stream(stream, people.contributor) as happenings:
        assert (await first(2, happenings))[1] == plays


async def test_positions_and_gains_that_this_process_has_heard_go_before_what_is_stored(stream, people):
    hub.current()
    moved = ListenerMoved(key(stream), stream.session.project_id, Position(61.0, 25.0), 90.0)
    gains = GainsChanged(key(stream), stream.session.project_id, (SpeakerGain(4, 0.5),))
    bus.publish(moved)
    bus.publish(gains)
    await asyncio.sleep(0)
    async with following_stream(stream, people.contributor) as happenings:
        assert await first(2, happenings) == [moved, gains]


async def test_gains_that_this_process_has_not_heard_are_asked_for_and_follow(stream, people, recording_bus):
    gains = GainsChanged(key(stream), stream.session.project_id, (SpeakerGain(4, 0.5),))
    async with following_stream(stream, people.contributor) as happenings:
        await first(1, happenings)
        assert recording_bus.sent_of(TellGains) == [TellGains(key(stream))]
        bus.publish(gains)
        assert await first(1, happenings) == [gains]
    async with following_stream(stream, people.contributor) as happenings:
        assert gains in await first(2, happenings)
    assert len(recording_bus.sent_of(TellGains)) == 1


async def test_a_cursor_brings_what_happened_since_and_then_the_newest_position(stream, people):
    project_id = stream.session.project_id
    events = [StreamPaused(key(stream), project_id), StreamResumed(key(stream), project_id)]
    for event in (*events, *events):
        await recorded(event)
    head = await sync_to_async(journal.head)(project_id)
    async with following_stream(stream, people.contributor, Cursor(head.epoch, head.sequence - 3)) as happenings:
        assert (await first(4, happenings))[:3] == [events[1], *events]


async def test_a_cursor_of_another_log_is_told_that_nobody_can_tell_what_was_missed(stream, people):
    await recorded(StreamPaused(key(stream), stream.session.project_id))
    async with following_stream(stream, people.contributor, Cursor("ffffffff", 3)) as happenings:
        assert await first(1, happenings) == [Lagged(None, None)]


async def test_what_cannot_be_read_hides_nothing_that_comes_after_it(stream, people, monkeypatch):
    monkeypatch.setattr(feeds, "PAGE", 3)
    begin = await sync_to_async(journal.head)(stream.session.project_id)
    events = [
        StreamPaused(key(stream), stream.session.project_id),
        StreamResumed(key(stream), stream.session.project_id),
    ]
    for event in 3 * events:
        await recorded(event)
    unreadable = Entry.objects.filter(project=stream.session.project_id, sequence=begin.sequence + 2)
    await unreadable.aupdate(kind="OfAnotherVersion")
    async with following_stream(stream, people.contributor, begin) as happenings:
        assert await first(5, happenings) == [events[0], *events, *events]


async def test_what_the_log_lets_go_of_while_a_page_is_read_is_told_as_lost(stream, people, monkeypatch):
    monkeypatch.setattr(feeds, "PAGE", 2)
    project_id = stream.session.project_id
    begin = await sync_to_async(journal.head)(project_id)
    for _ in range(6):
        await recorded(StreamPaused(key(stream), project_id))
    feed = await feeds.stream_feed(key(stream), people.contributor)
    pages = feed.history(begin)
    assert len(await anext(pages)) == 2
    await Entry.objects.filter(project=project_id, sequence__lte=begin.sequence + 5).adelete()
    assert [each.event async for page in pages for each in page][:2] == [
        Lagged(3, None),
        StreamPaused(key(stream), project_id),
    ]
    feed.close()


@pytest.mark.parametrize("who", ["stranger", "owner", "nobody"])
async def test_a_strangers_stream_is_not_found(stream, people, who):
    viewer = ANONYMOUS if who == "nobody" else getattr(people, who)
    for given in (key(stream), "0b8f6f3e-0000-4000-8000-000000000000", "rubbish"):
        with pytest.raises(NotFound):
            await feeds.stream_feed(given, viewer)


async def test_any_text_of_the_id_leads_to_the_events(stream, people):
    feed = await feeds.stream_feed(stream.pk.hex.upper(), people.contributor)
    async with followed(feed, people.contributor) as happenings:
        await first(1, happenings)
        await recorded(StreamPaused(key(stream), stream.session.project_id))
        assert await first(1, happenings) == [StreamPaused(key(stream), stream.session.project_id)]


async def test_following_ends_with_the_stream(stream, people):
    project_id = stream.session.project_id
    closed = StreamClosed(key(stream), project_id, "IDLE")
    async with following_stream(stream, people.contributor) as happenings:
        await first(1, happenings)
        await recorded(closed)
        await recorded(StreamPaused(key(stream), project_id))
        assert [each.event async for each in happenings] == [closed]


@pytest.mark.parametrize("of", [Stream, Project])
async def test_who_follows_a_stream_that_is_deleted_is_told_its_end(stream, people, of):
    project_id = stream.session.project_id
    async with following_stream(stream, people.contributor) as own, following_stream(stream, people.curator) as seen:
        for happenings in (own, seen):
            await first(1, happenings)
        await of.objects.filter(pk=stream.pk if of is Stream else project_id).adelete()
        for happenings in (own, seen):
            told = [each.event async for each in happenings]
            assert told == [StreamClosed(key(stream), project_id, "CLOSED")]


async def test_what_happened_to_a_stream_that_is_deleted_is_not_told_any_more_but_its_end(stream, people):
    feed = await feeds.stream_feed(stream.pk, people.contributor)
    paused, closed = (
        Happening(each, feed.position[0], datetime.now(UTC))
        for each in (
            StreamPaused(key(stream), stream.session.project_id),
            StreamClosed(key(stream), stream.session.project_id, "CLOSED"),
        )
    )
    await Stream.objects.filter(pk=stream.pk).adelete()
    seen = sync_to_async(feed.seen)
    for viewer in (people.contributor, people.curator):
        assert await seen([paused], viewer) == []
        assert await seen([paused, closed], viewer) == [closed]
    for viewer in (people.stranger, people.owner, ANONYMOUS):
        for happenings in ([paused], [paused, closed]):
            (refusal,) = await seen(happenings, viewer)
            assert isinstance(refusal.event.error, NotFound)


async def test_of_a_visit_that_is_deleted_the_owners_are_told_that_its_stream_has_ended(walk, people, stream):
    closed, edit = StreamClosed(key(stream), walk.project.pk, "CLOSED"), SoundscapeChanged(walk.project.pk)
    for name, expected in (("owner", [closed, edit]), ("stranger", [edit])):
        visit = await Stream.objects.aget(pk=stream.pk) if name == "owner" else None
        async with following_project(walk.project, getattr(people, name)) as happenings:
            if visit is not None:
                await visit.adelete()
            else:
                await recorded(closed)
            await recorded(edit)
            assert await first(len(expected), happenings) == expected


async def test_a_stream_that_had_ended_says_so_at_once(stream, people):
    for state, reason in ((StreamState.CLOSED, "CLOSED"), (StreamState.IDLE, "IDLE")):
        stream.state = state
        await stream.asave()
        async with following_stream(stream, people.contributor) as happenings:
            told = [each.event async for each in happenings]
        assert told == [StreamClosed(key(stream), stream.session.project_id, reason)]


async def test_owners_follow_all_visits_of_their_project_and_visitors_their_own(walk, people, stream):
    other = await Stream.objects.acreate(session=await sync_to_async(make_session)(walk.project, people.stranger))
    theirs, own = (StreamPaused(key(each), walk.project.pk) for each in (other, stream))
    edit = SoundscapeChanged(walk.project.pk)
    told = {}
    for name in ("owner", "curator", "contributor", "stranger"):
        async with following_project(walk.project, getattr(people, name)) as happenings:
            for event in (theirs, own, edit):
                await recorded(event)
            expected = 3 if name in ("owner", "curator") else 2
            told[name] = await first(expected, happenings)
    everything = [theirs, own, edit]
    assert told == {
        "owner": everything,
        "curator": everything,
        "contributor": [own, edit],
        "stranger": [theirs, edit],
    }


async def test_only_the_kinds_that_were_asked_for_are_told(walk, people, stream):
    async with following_project(walk.project, people.owner, [SoundscapeChanged]) as happenings:
        await recorded(StreamPaused(key(stream), walk.project.pk))
        await recorded(SoundscapeChanged(walk.project.pk))
        assert await first(1, happenings) == [SoundscapeChanged(walk.project.pk)]


async def test_an_asset_is_told_of_to_those_who_may_see_it(walk, people):
    walk.asset.submitted, walk.asset.user = False, people.contributor
    await walk.asset.asave()
    changed = AssetChanged(walk.project.pk, walk.asset.pk, was_public=False, is_public=False)
    marker = SoundscapeChanged(walk.project.pk)
    for name, sees in (("owner", True), ("contributor", True), ("stranger", False)):
        async with following_project(walk.project, getattr(people, name)) as happenings:
            await recorded(changed)
            await recorded(marker)
            assert (await first(1, happenings) == [changed]) is sees, name


async def test_to_those_who_may_not_see_it_any_more_an_asset_is_gone(walk, people):
    walk.asset.submitted = False
    await walk.asset.asave()
    changed = AssetChanged(walk.project.pk, walk.asset.pk, was_public=True, is_public=False)
    gone = AssetRemoved(walk.project.pk, walk.asset.pk, None, None, was_public=True)
    async with following_project(walk.project, people.stranger) as happenings:
        await recorded(changed)
        assert await first(1, happenings) == [gone]


async def test_a_project_tells_nothing_of_another(walk, people):
    elsewhere = await Project.objects.acreate(name="elsewhere", latitude=1.0, longitude=1.0)
    async with following_project(walk.project, people.curator) as happenings:
        await recorded(SoundscapeChanged(elsewhere.pk))
        await recorded(AssetAdded(walk.project.pk, walk.asset.pk, 1))
        assert await first(1, happenings) == [AssetAdded(walk.project.pk, walk.asset.pk, 1)]


async def test_who_is_no_owner_any_more_sees_no_other_visits_any_more(walk, people, stream):
    paused, edit = StreamPaused(key(stream), walk.project.pk), SoundscapeChanged(walk.project.pk)
    async with following_project(walk.project, people.owner) as happenings:
        await recorded(paused)
        assert await first(1, happenings) == [paused]
        await walk.project.owners.aremove(people.owner)
        await recorded(paused)
        await recorded(edit)
        assert await first(1, happenings) == [edit]
