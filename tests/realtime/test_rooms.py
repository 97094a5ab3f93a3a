"""Those who follow the same share every question and every payload, and each gets all of it."""

import asyncio
from datetime import UTC, datetime

import pytest

from backend.bus.cursor import Cursor
from backend.bus.events import ListenerMoved, StreamClosed, StreamPaused
from backend.geo.position import Position
from backend.ids import ProjectId, StreamId, UploadId
from backend.resources.viewer import ANONYMOUS
from realtime import room, showing
from realtime.happening import Happening, Lagged
from realtime.membership import MOST_EVENTS, Unsent
from realtime.news import EngineStatus, UploadProgress
from realtime.rooms import Rooms

EPOCH = "0000000a"
NOW = datetime(2026, 11, 22, tzinfo=UTC)
STREAM, PROJECT = StreamId("s"), ProjectId(1)


class HeldFeed:
    """Tells what the test says; counts what it is asked."""

    def __init__(self, key="feed"):
        self.key = key
        self.ears, self.past, self.restart = [], [], []
        self.sequence = self.serial = self.asked = 0
        self.hidden = set()
        self.is_closed = self.is_broken = False

    @property
    def position(self):
        return Cursor(EPOCH, self.sequence), self.serial

    def listen(self, ear):
        self.ears.append(ear)
        return lambda: self.ears.remove(ear)

    def snapshot(self):
        return list(self.past)

    def anew(self):
        return list(self.restart)

    def history(self, after):
        return self._pages([each for each in self.past if each.cursor.sequence > after.sequence])

    async def _pages(self, page):
        yield page

    def seen(self, happenings, viewer):
        self.asked += 1
        if self.is_broken:
            raise OSError("the database is away")
        return [each for each in happenings if each.cursor.sequence not in self.hidden]

    def concerned(self, happenings, rights):
        return rights.keys()

    def is_last(self, happening):
        event = happening.event
        return isinstance(event, StreamClosed) or (isinstance(event, UploadProgress) and event.state == "STORED")

    def close(self):
        self.is_closed = True

    def tell(self, event=None):
        self.serial += 1
        if not isinstance(event, ListenerMoved | EngineStatus | UploadProgress):
            self.sequence += 1
        told = Happening(event or StreamPaused(STREAM, PROJECT), Cursor(EPOCH, self.sequence), NOW, self.serial)
        for ear in list(self.ears):
            ear(told)


class Taken:
    """A socket that takes all, unless the test holds it."""

    def __init__(self):
        self.payloads, self.state, self.is_over = [], Unsent(), False

    def send(self, payload, happening):
        self.payloads.append(payload)

    def unsent(self):
        return self.state

    def end(self):
        self.is_over = True


@pytest.fixture
def rooms(monkeypatch):
    async def at_once(work):
        return work()

    monkeypatch.setattr(room.threads, "run", at_once)
    monkeypatch.setattr(showing, "as_of_now", lambda viewer: viewer)
    monkeypatch.setattr(showing, "as_they_are_now", lambda viewers: {each.id: each for each in viewers})
    monkeypatch.setattr(room, "LOOK_SECONDS", 0.0)
    monkeypatch.setattr(room, "RETRY_SECONDS", 0.0)
    return Rooms()


@pytest.fixture
def rendered():
    return []


def rendering(rendered):
    async def render(happening, viewer):
        rendered.append(happening)
        match happening.event:
            case Lagged(missed, resync):
                return "lagged", missed, str(resync)
            case EngineStatus(engine_id, load=load):
                return engine_id, load
            case UploadProgress(state=state):
                return state
            case ListenerMoved():
                return "moved", happening.event.position.latitude
        return happening.cursor.sequence

    return render


def join(rooms, feed, rendered, *, audience="all", after=None):
    outlet = Taken()
    return outlet, rooms.join(
        feed, outlet, audience=audience, viewer=ANONYMOUS, render=rendering(rendered), after=after
    )


async def settle():
    for _ in range(300):
        await asyncio.sleep(0)


async def test_one_question_and_one_payload_serve_all_of_a_room(rooms, rendered):
    feed = HeldFeed()
    taken = [join(rooms, feed if number == 0 else HeldFeed(), rendered)[0] for number in range(50)]
    feed.tell()
    feed.tell()
    await settle()
    assert [outlet.payloads for outlet in taken] == [[1, 2]] * 50
    assert (feed.asked, len(rendered)) == (1, 2)


async def test_another_audience_is_asked_about_and_rendered_for_itself(rooms, rendered):
    feed, other = HeldFeed(), HeldFeed()
    one, _ = join(rooms, feed, rendered)
    two, _ = join(rooms, other, rendered, audience="others")
    other.hidden = {1}
    feed.tell()
    other.tell()
    await settle()
    assert (one.payloads, two.payloads) == ([1], [])


async def test_what_may_not_be_seen_is_not_rendered(rooms, rendered):
    feed = HeldFeed()
    outlet, _ = join(rooms, feed, rendered)
    feed.hidden = {2}
    for _ in range(3):
        feed.tell()
    await settle()
    assert outlet.payloads == [1, 3]
    assert [each.cursor.sequence for each in rendered] == [1, 3]


async def test_a_newcomer_is_told_the_past_first_and_nothing_twice(rooms, rendered):
    feed = HeldFeed()
    early, _ = join(rooms, feed, rendered)
    await settle()
    feed.tell()
    feed.past = [Happening(StreamPaused(STREAM, PROJECT), Cursor(EPOCH, 1), NOW, 1)]
    late, _ = join(rooms, HeldFeed(), rendered)
    feed.tell()
    feed.past = [*feed.past, Happening(StreamPaused(STREAM, PROJECT), Cursor(EPOCH, 2), NOW, 2)]
    await settle()
    assert (early.payloads, late.payloads) == ([1, 2], [1, 2])


async def test_who_comes_back_with_a_cursor_gets_what_came_after_it(rooms, rendered):
    feed = HeldFeed()
    feed.past = [Happening(StreamPaused(STREAM, PROJECT), Cursor(EPOCH, n), NOW, 0) for n in range(1, 6)]
    feed.sequence = 5
    outlet, seat = join(rooms, feed, rendered, after=Cursor(EPOCH, 3))
    feed.tell()
    await settle()
    assert outlet.payloads == [4, 5, 6]
    assert str(seat.cursor) == f"{EPOCH}.6"


async def test_who_does_not_read_is_told_once_how_much_it_missed_and_others_miss_nothing(rooms, rendered):
    feed = HeldFeed()
    slow, _ = join(rooms, feed, rendered)
    quick, _ = join(rooms, feed, rendered)
    await settle()
    feed.tell()
    await settle()
    slow.state = Unsent(MOST_EVENTS)
    for _ in range(400):
        feed.tell()
    await settle()
    await settle()
    assert quick.payloads == list(range(1, 402))
    assert slow.payloads == [1]
    slow.state = Unsent()
    await settle()
    feed.tell()
    await settle()
    assert slow.payloads == [1, ("lagged", 400, f"{EPOCH}.1"), 402]


async def test_where_no_log_holds_what_was_lost_it_is_told_how_things_are(rooms, rendered):
    feed = HeldFeed()
    slow, _ = join(rooms, feed, rendered)
    await settle()
    slow.state = Unsent(MOST_EVENTS)
    feed.tell()
    feed.tell()
    await settle()
    feed.restart = [Happening(ListenerMoved(STREAM, PROJECT, Position(63.0, 24.0)), Cursor(EPOCH, 2), NOW, 2)]
    slow.state = Unsent()
    await settle()
    feed.tell()
    await settle()
    assert slow.payloads == [("lagged", 2, f"{EPOCH}.0"), ("moved", 63.0), 3]


async def test_of_two_engines_that_wait_the_newest_of_each_is_told(rooms, rendered):
    feed = HeldFeed()
    outlet, _ = join(rooms, feed, rendered)
    await settle()
    outlet.state = Unsent(1)
    for load in (0.1, 0.2):
        for engine_id in ("one", "two"):
            feed.tell(EngineStatus(engine_id, NOW, False, 1.0, load, 0, 0, 0, 0, 0, 0, 0.0))
    await settle()
    outlet.state = Unsent()
    await settle()
    assert outlet.payloads == [("one", 0.2), ("two", 0.2)]


async def test_events_about_which_nobody_can_be_asked_are_said_to_be_missed(rooms, rendered):
    feed = HeldFeed()
    outlet, _ = join(rooms, feed, rendered)
    await settle()
    feed.is_broken = True
    feed.tell()
    feed.tell()
    await settle()
    feed.is_broken = False
    feed.tell()
    await settle()
    assert outlet.payloads == [("lagged", 2, f"{EPOCH}.0"), 3]


async def test_of_positions_that_wait_only_the_newest_is_told(rooms, rendered):
    feed = HeldFeed()
    outlet, _ = join(rooms, feed, rendered)
    await settle()
    for latitude in (60.0, 61.0, 62.0):
        feed.tell(ListenerMoved(STREAM, PROJECT, Position(latitude, 24.0)))
    await settle()
    assert outlet.payloads == [("moved", 62.0)]


async def test_the_last_event_ends_it(rooms, rendered):
    feed = HeldFeed()
    outlet, _ = join(rooms, feed, rendered)
    await settle()
    feed.tell(StreamClosed(STREAM, PROJECT, "CLOSED"))
    await settle()
    assert outlet.payloads == [1]
    assert outlet.is_over


async def test_when_the_last_leaves_nothing_is_heard_any_more(rooms, rendered):
    feed, unused = HeldFeed(), HeldFeed()
    _, one = join(rooms, feed, rendered)
    _, two = join(rooms, unused, rendered)
    assert (len(feed.ears), unused.ears, unused.is_closed) == (1, [], True)
    one.leave()
    assert not feed.is_closed
    two.leave()
    assert (feed.ears, feed.is_closed) == ([], True)


async def test_who_is_behind_when_the_last_event_comes_is_told_so_before_the_end(rooms, rendered):
    feed = HeldFeed()
    slow, _ = join(rooms, feed, rendered)
    await settle()
    slow.state = Unsent(MOST_EVENTS)
    feed.tell()
    feed.tell(StreamClosed(STREAM, PROJECT, "CLOSED"))
    await settle()
    assert (slow.payloads, slow.is_over) == ([], False)
    slow.state = Unsent()
    await settle()
    assert (slow.payloads, slow.is_over) == ([("lagged", 2, f"{EPOCH}.0")], True)


async def test_who_is_still_told_the_past_when_the_last_event_comes_gets_all_of_it(rooms, rendered):
    feed = HeldFeed()
    feed.past = [Happening(StreamPaused(STREAM, PROJECT), Cursor(EPOCH, n), NOW, 0) for n in range(1, 4)]
    feed.sequence = 3
    outlet, _ = join(rooms, feed, rendered, after=Cursor(EPOCH, 0))
    outlet.state = Unsent(MOST_EVENTS)
    await settle()
    feed.tell(StreamClosed(STREAM, PROJECT, "CLOSED"))
    await settle()
    assert (outlet.payloads, outlet.is_over) == ([], False)
    outlet.state = Unsent()
    await settle()
    assert (outlet.payloads, outlet.is_over) == ([1, 2, 3, 4], True)


async def test_how_far_an_upload_is_waits_for_a_slow_socket_and_then_ends_it(rooms, rendered):
    feed = HeldFeed()
    outlet, _ = join(rooms, feed, rendered)
    await settle()
    outlet.state = Unsent(MOST_EVENTS)
    for state in ("PROCESSING", "STORED"):
        feed.tell(UploadProgress(UploadId("u"), state, "", "", None))
        await settle()
    assert (outlet.payloads, outlet.is_over) == ([], False)
    outlet.state = Unsent()
    await settle()
    assert (outlet.payloads, outlet.is_over) == (["STORED"], True)


async def test_how_far_an_upload_is_comes_when_the_database_is_back(rooms, rendered):
    feed = HeldFeed()
    outlet, _ = join(rooms, feed, rendered)
    await settle()
    feed.is_broken = True
    feed.tell(UploadProgress(UploadId("u"), "STORED", "", "", None))
    await settle()
    assert (outlet.payloads, outlet.is_over) == ([], False)
    feed.is_broken = False
    await settle()
    assert (outlet.payloads, outlet.is_over) == (["STORED"], True)
