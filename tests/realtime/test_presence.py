"""Owners and staff see who listens: all of them first, then every change, at most so often and so exactly."""

import asyncio
import threading
from datetime import UTC, datetime, timedelta

import pytest
from asgiref.sync import sync_to_async

from backend import bus
from backend.bus.commands import TellGains
from backend.bus.events import (
    AssetEnded,
    AssetStarted,
    GainsChanged,
    ListenerMoved,
    RangeEntered,
    RangeLeft,
    SpeakerGain,
    StreamClosed,
    StreamOpened,
    StreamPaused,
    StreamResumed,
)
from backend.database import threads
from backend.errors import InvalidInput, NotFound, NotPermitted
from backend.geo.position import Position
from backend.geo.regions import Box
from backend.journal.actions import record
from backend.listening.models import Stream, StreamState
from backend.projects.models import Project
from backend.resources.viewer import ANONYMOUS
from realtime import crowd as crowds
from realtime import hub
from realtime.news import (
    ListenerJoined,
    ListenerLeft,
    ListenersMoved,
    ListenersSnapshot,
    NowPlaying,
    PresentListener,
    Refused,
)
from realtime.presence import presence_feed
from tests.cast import INSIDE, LATITUDE, LONGITUDE, make_cast, make_project, make_session, make_walk
from tests.patience import until
from tests.realtime.held_clock import HeldClock

HERE, ELSEWHERE = Position(LATITUDE, LONGITUDE), Position(60.18, 24.95)
AROUND_HERE = Box(24.93, 60.16, 24.945, 60.175)
recorded = sync_to_async(record)


@pytest.fixture
def walk(transactional_db):
    return make_walk(listener_precision_metres=0)


@pytest.fixture
def people(walk):
    return make_cast(walk.project)


@pytest.fixture
def visit(walk, people):
    """Makes streams of this project, or of another."""

    def make(project=walk.project, **fields):
        session = make_session(project, people.contributor)
        return Stream.objects.create(session=session, **{**INSIDE, **fields})

    return make


@pytest.fixture
def stream(visit):
    return visit()


@pytest.fixture
def clock():
    return HeldClock()


class Seen:
    """What a feed tells."""

    def __init__(self, feed):
        self.feed, self.all = feed, []
        feed.listen(lambda happening: self.all.append(happening.event))
        (self.first,) = [each.event for each in feed.snapshot()]

    async def next(self, count=1):
        """The next events, as soon as they are there."""
        await until(lambda: len(self.all) >= count)
        taken, self.all[:] = self.all[:count], self.all[count:]
        return taken

    async def nothing(self):
        """Whether nothing has come, once all has had its time."""
        await settled()
        return self.all == []


async def settled():
    """What was published has arrived, and what that asked the database for has been answered."""
    for _ in range(3):
        await asyncio.sleep(0)
        await threads.run(lambda: None)
    await asyncio.sleep(0)


@pytest.fixture
async def watch(walk, people, clock):
    feeds = []

    async def begin(viewer=people.owner, project=walk.project, **options):
        feed = await presence_feed(project.pk, viewer, clock=clock, **options)
        feeds.append(feed)
        return Seen(feed)

    yield begin
    for feed in feeds:
        feed.close()


def key(stream):
    return str(stream.pk)


def listener(stream, position=HERE, **facts):
    usual = {"heading": None, "is_paused": False, "is_out_of_range": False, "playing": (), "gains": ()}
    return PresentListener(key(stream), position, **{**usual, **facts})


def moved(stream, position, heading=None):
    return ListenerMoved(key(stream), stream.session.project_id, position, heading)


def started(stream, play_id="play", at=None):
    return AssetStarted(key(stream), stream.session.project_id, play_id, 5, 7, at or datetime.now(UTC), 0.0, 60.0)


class TestTheSnapshot:
    async def test_it_holds_all_who_listen_and_what_each_hears(self, visit, watch):
        at = datetime.now(UTC)
        one, two = [await sync_to_async(visit)() for _ in range(2)]
        await recorded(started(one, at=at))
        await recorded(started(two, "ended"))
        await recorded(AssetEnded(key(two), two.session.project_id, "ended", 5, 7, 3.0))
        await recorded(RangeLeft(key(two), two.session.project_id))
        two.state, two.is_paused = StreamState.OUT_OF_RANGE, True
        await two.asave()
        seen = await watch()
        assert {each.stream_id: each for each in seen.first.listeners} == {
            key(one): listener(one, playing=(NowPlaying("play", 5, at),)),
            key(two): listener(two, is_paused=True, is_out_of_range=True),
        }

    async def test_streams_that_ended_and_those_of_other_projects_are_not_in_it(self, walk, visit, watch):
        for state in (StreamState.IDLE, StreamState.CLOSED):
            await sync_to_async(visit)(state=state)
        other = await sync_to_async(make_project)(name="elsewhere")
        await sync_to_async(visit)(other)
        assert (await watch()).first == ListenersSnapshot(())

    async def test_what_this_process_has_heard_goes_before_what_is_stored(self, stream, watch):
        hub.current()
        gains = (SpeakerGain(4, 0.5),)
        bus.publish(moved(stream, ELSEWHERE, 90.0))
        bus.publish(GainsChanged(key(stream), stream.session.project_id, gains))
        await asyncio.sleep(0)
        seen = await watch()
        assert seen.first.listeners == (listener(stream, ELSEWHERE, heading=90.0, gains=gains),)

    async def test_gains_that_this_process_has_not_heard_are_asked_for_and_told(
        self, stream, watch, clock, recording_bus
    ):
        gains = (SpeakerGain(4, 0.5),)
        seen = await watch()
        assert recording_bus.sent_of(TellGains) == [TellGains(key(stream))]
        bus.publish(GainsChanged(key(stream), stream.session.project_id, gains))
        await settled()
        clock.advance(1.0)
        assert (await seen.next())[-1] == ListenersMoved((listener(stream, gains=gains),))

    async def test_gains_that_may_have_been_missed_are_asked_for_again(self, stream, watch, recording_bus):
        await watch()
        bus.publish(GainsChanged(key(stream), stream.session.project_id, ()))
        await settled()
        bus.current().tell_gap()
        await until(lambda: len(recording_bus.sent_of(TellGains)) == 2)

    async def test_a_listener_without_a_position_is_in_it_unless_a_box_is_asked_for(self, visit, watch):
        stream = await sync_to_async(visit)(latitude=None, longitude=None)
        assert (await watch()).first.listeners == (listener(stream, None),)
        assert (await watch(box=AROUND_HERE)).first.listeners == ()

    async def test_a_play_whose_engine_died_is_not_heard_for_ever(self, stream, watch):
        await recorded(started(stream, at=datetime.now(UTC) - timedelta(seconds=61)))
        assert (await watch()).first.listeners == (listener(stream),)


class TestWhatChanges:
    async def test_who_opens_a_stream_joins_and_who_closes_it_leaves_at_once(self, visit, watch, clock):
        seen = await watch(every=60.0)
        stream = await sync_to_async(visit)()
        session_id, project_id = stream.session_id, stream.session.project_id
        await recorded(StreamOpened(key(stream), project_id, session_id))
        assert await seen.next() == [ListenerJoined(listener(stream))]
        await recorded(StreamClosed(key(stream), project_id, "CLOSED"))
        assert await seen.next() == [ListenerLeft(key(stream))]
        assert clock.time() == 0.0

    async def test_what_happens_while_a_newcomer_is_looked_up_is_not_lost(self, visit, watch, monkeypatch):
        seen = await watch()
        stream = await sync_to_async(visit)()
        look_up = crowds._stored

        def look_up_and_move(*asked):
            found = look_up(*asked)
            bus.publish(moved(stream, ELSEWHERE))
            return found

        monkeypatch.setattr(crowds, "_stored", look_up_and_move)
        await recorded(StreamOpened(key(stream), stream.session.project_id, stream.session_id))
        (joined,) = await seen.next()
        assert joined.listener.position == ELSEWHERE

    async def test_a_move_that_the_bus_lost_is_told_when_it_is_back(self, stream, watch, clock):
        seen = await watch()
        clock.advance(10.0)
        bus.publish(moved(stream, ELSEWHERE))
        await settled()
        clock.advance(0.0)
        assert await seen.next() == [ListenersMoved((listener(stream, ELSEWHERE),))]
        await Stream.objects.filter(pk=stream.pk).aupdate(latitude=60.19, longitude=24.96)
        bus.current().tell_gap()
        await until(lambda: clock.advance(1.0) or seen.all)
        assert await seen.next() == [ListenersMoved((listener(stream, Position(60.19, 24.96)),))]

    async def test_moves_are_told_together_and_so_often_at_most(self, visit, watch, clock):
        one, two = [await sync_to_async(visit)() for _ in range(2)]
        seen = await watch(every=2.0)
        clock.advance(10.0)
        bus.publish(moved(one, Position(60.171, 24.94)))
        await settled()
        clock.advance(0.0)
        assert await seen.next() == [ListenersMoved((listener(one, Position(60.171, 24.94)),))]
        for step in range(5):
            bus.publish(moved(one, Position(60.172, 20.0 + step)))
            bus.publish(moved(two, Position(60.173, 20.0 + step)))
        await settled()
        clock.advance(1.9)
        assert seen.all == []
        clock.advance(0.1)
        (told,) = await seen.next()
        assert {each.stream_id: each.position for each in told.listeners} == {
            key(one): Position(60.172, 24.0),
            key(two): Position(60.173, 24.0),
        }
        clock.advance(60.0)
        assert seen.all == []

    async def test_what_a_listener_hears_is_told_as_moves_are(self, stream, watch, clock):
        seen, project_id, at = await watch(), stream.session.project_id, datetime.now(UTC)
        gains = (SpeakerGain(4, 0.25),)
        told = []
        for event in (
            started(stream, at=at),
            StreamPaused(key(stream), project_id),
            StreamResumed(key(stream), project_id),
            RangeLeft(key(stream), project_id),
            RangeEntered(key(stream), project_id),
            AssetEnded(key(stream), project_id, "play", 5, 7, 3.0),
        ):
            await recorded(event)
            await settled()
            clock.advance(1.0)
            told += await seen.next()
        bus.publish(GainsChanged(key(stream), project_id, gains))
        await settled()
        clock.advance(1.0)
        told += await seen.next()
        playing = {"playing": (NowPlaying("play", 5, at),)}
        assert [each.listeners for each in told] == [
            (listener(stream, **playing),),
            (listener(stream, is_paused=True, **playing),),
            (listener(stream, **playing),),
            (listener(stream, is_out_of_range=True, **playing),),
            (listener(stream, **playing),),
            (listener(stream),),
            (listener(stream, gains=gains),),
        ]

    async def test_who_is_back_where_they_were_has_not_moved(self, stream, watch, clock):
        seen = await watch()
        for place in (ELSEWHERE, HERE):
            bus.publish(moved(stream, place))
        await settled()
        clock.advance(1.0)
        assert await seen.nothing()

    async def test_into_a_box_and_out_of_it_is_to_come_and_to_go(self, stream, watch, clock):
        seen = await watch(box=AROUND_HERE)
        told = []
        for place in (Position(60.1701, 24.94), ELSEWHERE, Position(60.3, 25.0), HERE):
            bus.publish(moved(stream, place))
            await settled()
            clock.advance(1.0)
            told += seen.all
            seen.all.clear()
        assert told == [
            ListenersMoved((listener(stream, Position(60.1701, 24.94)),)),
            ListenerLeft(key(stream)),
            ListenerJoined(listener(stream)),
        ]

    async def test_another_project_is_another_crowd(self, walk, visit, watch, clock):
        other = await sync_to_async(make_project)(name="elsewhere")
        theirs = await sync_to_async(visit)(other)
        seen = await watch()
        await recorded(StreamOpened(key(theirs), other.pk, theirs.session_id))
        bus.publish(moved(theirs, ELSEWHERE))
        await settled()
        clock.advance(1.0)
        assert await seen.nothing()

    async def test_a_snapshot_and_its_changes_have_no_gap_and_no_overlap(self, visit, watch, clock):
        """Whoever comes later is told how things are at a serial, and all that comes after it."""
        seen = await watch()
        streams = [await sync_to_async(visit)() for _ in range(3)]
        known = {}
        for number, stream in enumerate(streams):
            await recorded(StreamOpened(key(stream), stream.session.project_id, stream.session_id))
            await seen.next()
            bus.publish(moved(stream, Position(60.1 + number / 10, 24.0)))
            await settled()
            (late,) = seen.feed.snapshot()
            known = {each.stream_id: each.position for each in late.event.listeners}
            clock.advance(1.0)
            (told,) = await seen.next()
            known |= {each.stream_id: each.position for each in told.listeners}
            assert known[key(stream)] == Position(60.1 + number / 10, 24.0)
        assert len(known) == 3

    async def test_when_events_were_lost_all_are_looked_up_again(self, visit, stream, watch, clock):
        seen, gone = await watch(), key(stream)
        await stream.adelete()
        another = await sync_to_async(visit)()
        line = await hub.current().line(another.session.project_id)
        line._begin_anew(line.cursor)
        told = await seen.next(2)
        assert sorted(told, key=lambda each: type(each).__name__) == [
            ListenerJoined(listener(another)),
            ListenerLeft(gone),
        ]


class TestHowExactly:
    async def test_positions_lie_on_the_projects_grid(self, walk, stream, watch, clock):
        await Project.objects.aupdate(listener_precision_metres=100)
        seen = await watch()
        seen_at = seen.first.listeners[0].position
        assert seen_at != HERE
        bus.publish(moved(stream, Position(seen_at.latitude + 0.0003, seen_at.longitude)))
        await settled()
        clock.advance(1.0)
        assert await seen.nothing()

    async def test_gains_are_told_in_steps_and_what_is_heard_never_as_silent(self, stream, watch):
        await Project.objects.aupdate(listener_precision_metres=100)
        gains = tuple(SpeakerGain(key, gain) for key, gain in enumerate((0.0, 0.01, 0.25, 0.26, 1.0)))
        hub.current()
        bus.publish(GainsChanged(key(stream), stream.session.project_id, gains))
        await asyncio.sleep(0)
        shown = (await watch()).first.listeners[0].gains
        assert [each.gain for each in shown] == [0.0, 0.25, 0.25, 0.5, 1.0]

    async def test_owners_and_staff_see_no_better(self, walk, people, stream, watch):
        await Project.objects.aupdate(listener_precision_metres=100)
        owners, curators = await watch(people.owner), await watch(people.curator)
        assert owners.first == curators.first

    async def test_a_grid_that_becomes_coarser_holds_for_those_who_watch_already(self, walk, stream, watch, clock):
        seen = await watch()
        walk.project.listener_precision_metres = 1_000
        await walk.project.asave()
        await until(lambda: seen.feed._telling)
        clock.advance(1.0)
        (told,) = await seen.next()
        assert told.listeners[0].position != HERE

    async def test_a_box_does_not_tell_more_than_the_grid(self, walk, stream, watch, clock):
        await Project.objects.aupdate(listener_precision_metres=1_000)
        (shown,) = (await watch()).first.listeners
        beside = Box(HERE.longitude - 0.0001, HERE.latitude - 0.0001, HERE.longitude + 0.0001, HERE.latitude + 0.0001)
        assert not beside.contains(shown.position)
        assert (await watch(box=beside)).first == ListenersSnapshot(())


class TestWhoMay:
    @pytest.mark.parametrize("who", ["owner", "curator"])
    async def test_owners_and_staff(self, people, stream, watch, who):
        assert len((await watch(getattr(people, who))).first.listeners) == 1

    @pytest.mark.parametrize("who", ["contributor", "stranger", "nobody"])
    async def test_others_are_refused_and_nothing_is_kept_for_them(self, walk, people, stream, who):
        viewer = ANONYMOUS if who == "nobody" else getattr(people, who)
        with pytest.raises(NotPermitted):
            await presence_feed(walk.project.pk, viewer)
        assert crowds.current()._crowds == {}

    async def test_a_project_that_is_not_there_is_not_found(self, people):
        with pytest.raises(NotFound):
            await presence_feed(999_999, people.curator)

    @pytest.mark.parametrize("every", [0.19, 60.1, float("nan")])
    async def test_so_often_and_so_seldom_is_not_offered(self, walk, people, every):
        with pytest.raises(InvalidInput) as refusal:
            await presence_feed(walk.project.pk, people.owner, every=every)
        assert refusal.value.field == "every"

    async def test_who_is_no_owner_any_more_is_told_so_and_nothing_else(self, walk, people, stream, watch):
        seen = await watch()
        happenings = seen.feed.snapshot()
        assert await threads.run(lambda: seen.feed.seen(happenings, people.owner)) == happenings
        await walk.project.owners.aremove(people.owner)
        (told,) = await threads.run(lambda: seen.feed.seen(2 * happenings, people.owner))
        assert isinstance(told.event, Refused)
        assert isinstance(told.event.error, NotPermitted)
        assert seen.feed.is_last(told)


async def test_when_nobody_looks_any_more_nothing_is_kept(walk, people, stream):
    one, two = [await presence_feed(walk.project.pk, people.owner) for _ in range(2)]
    one.close()
    assert list(crowds.current()._crowds) == [walk.project.pk]
    two.close()
    assert crowds.current()._crowds == {}


async def test_a_crowd_is_read_once_for_all_who_look(walk, people, stream, monkeypatch):
    read = []
    monkeypatch.setattr(crowds, "_stored", lambda *asked, real=crowds._stored: read.append(asked) or real(*asked))
    feeds = await asyncio.gather(*(presence_feed(walk.project.pk, people.owner) for _ in range(5)))
    assert len(read) == 1
    assert {len(feed.snapshot()[0].event.listeners) for feed in feeds} == {1}
    for feed in feeds:
        feed.close()


@pytest.mark.parametrize("how", ["fails", "gives up"])
async def test_who_waits_with_one_that_fails_or_gives_up_sees_all_nevertheless(walk, people, stream, monkeypatch, how):
    one_reads, go_on, real = threading.Event(), threading.Event(), crowds._stored

    def stored(*asked):
        if not one_reads.is_set():
            one_reads.set()
            go_on.wait(5)
            if how == "fails":
                raise OSError("away")
        return real(*asked)

    monkeypatch.setattr(crowds, "_stored", stored)
    one = asyncio.ensure_future(presence_feed(walk.project.pk, people.owner))
    await until(one_reads.is_set)
    two = asyncio.ensure_future(presence_feed(walk.project.pk, people.owner))
    await until(lambda: crowds.current()._users[walk.project.pk] == 2)
    if how == "gives up":
        one.cancel()
    go_on.set()
    feed = await two
    assert isinstance((await asyncio.gather(one, return_exceptions=True))[0], OSError | asyncio.CancelledError)
    assert feed.snapshot()[0].event == ListenersSnapshot((listener(stream),))
    feed.close()
    assert crowds.current()._crowds == {}


async def test_a_database_that_was_away_is_asked_again(visit, watch, monkeypatch):
    monkeypatch.setattr(crowds, "RETRY_SECONDS", 0.0)
    seen, real, faults = await watch(), crowds._stored, [OSError("away"), OSError("away")]

    def stored(*asked):
        if faults:
            raise faults.pop()
        return real(*asked)

    monkeypatch.setattr(crowds, "_stored", stored)
    stream = await sync_to_async(visit)()
    await recorded(StreamOpened(key(stream), stream.session.project_id, stream.session_id))
    assert await seen.next() == [ListenerJoined(listener(stream))]
