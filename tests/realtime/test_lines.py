"""What is logged is told in its order, each once, whatever the bus loses, repeats or turns round."""

import asyncio
from datetime import UTC, datetime

import pytest

from backend.bus.codec import Envelope
from backend.bus.cursor import Cursor, Stamp
from backend.bus.events import GainsChanged, SoundscapeChanged, StreamPaused
from backend.ids import ProjectId, StreamId
from backend.journal.queries import BEGINNING, Recorded
from realtime import lines
from realtime.happening import Lagged
from realtime.lines import Line

PROJECT = ProjectId(7)
EPOCH, OTHER_EPOCH = "0000000a", "0000000b"
NOW = datetime(2026, 11, 22, tzinfo=UTC)


def paused(number, epoch=EPOCH):
    """The event that the log holds under this number: the stream is named by it."""
    return Recorded(StreamPaused(StreamId(str(number)), PROJECT), Stamp(Cursor(epoch, number), NOW))


def said(number, epoch=EPOCH):
    recorded = paused(number, epoch)
    return Envelope(recorded.event, stamp=recorded.stamp)


class HeldJournal:
    """A log in memory."""

    def __init__(self, entries=(), head=None):
        self.stored = list(entries)
        self.end = head

    async def head(self, project_id):
        return self.end or (self.stored[-1].stamp.cursor if self.stored else Cursor(EPOCH, 0))

    async def entries(self, project_id, *, after, limit):
        return [each for each in self.stored if each.stamp.cursor.sequence > after][:limit]


@pytest.fixture(autouse=True)
def _at_once(monkeypatch):
    monkeypatch.setattr(lines, "SETTLE_SECONDS", 0.0)


async def opened(journal):
    line, told = Line(PROJECT, journal), []
    await line.open()
    line.listen(told.append)
    return line, told


async def settled(line):
    if line._reading is not None:
        await line._reading


def numbers(told):
    return [int(each.event.stream_id) for each in told]


async def test_what_is_said_in_order_is_told_at_once():
    line, told = await opened(HeldJournal([paused(1)]))
    line.hear(said(2))
    line.hear(said(3))
    assert numbers(told) == [2, 3]
    assert [str(each.cursor) for each in told] == [f"{EPOCH}.2", f"{EPOCH}.3"]
    assert [each.serial for each in told] == [1, 2]


async def test_what_is_said_too_early_waits_for_what_comes_before_it():
    line, told = await opened(HeldJournal())
    line.hear(said(2))
    assert told == []
    line.hear(said(1))
    assert numbers(told) == [1, 2]


async def test_what_is_said_twice_is_told_once():
    line, told = await opened(HeldJournal())
    for number in (1, 1, 2, 1, 2):
        line.hear(said(number))
    assert numbers(told) == [1, 2]


async def test_what_the_bus_lost_is_read_from_the_log():
    journal = HeldJournal()
    line, told = await opened(journal)
    journal.stored = [paused(number) for number in range(1, 5)]
    line.hear(said(4))
    await settled(line)
    assert numbers(told) == [1, 2, 3, 4]


class SlowJournal(HeldJournal):
    """Until it has answered where the log ends, the bus says more."""

    def __init__(self, entries, meanwhile):
        super().__init__(entries)
        self.meanwhile = meanwhile

    async def head(self, project_id):
        head = await super().head(project_id)
        self.meanwhile()
        return head


@pytest.mark.parametrize("before", [0, 2])
async def test_an_answer_of_the_log_that_the_bus_has_overtaken_takes_nothing_back(before):
    journal = HeldJournal([paused(number) for number in range(1, before + 1)], BEGINNING if before == 0 else None)
    line, told = await opened(journal)
    journal.head = SlowJournal(journal.stored, lambda: [line.hear(said(before + 1)), line.hear(said(before + 2))]).head
    line.check(Cursor(OTHER_EPOCH, 1))
    await settled(line)
    assert numbers(told) == [before + 1, before + 2]


async def test_a_lost_end_is_found_by_looking_where_the_log_ends():
    journal = HeldJournal()
    line, told = await opened(journal)
    journal.stored = [paused(1), paused(2)]
    line.check(Cursor(EPOCH, 2))
    await settled(line)
    assert numbers(told) == [1, 2]


async def test_more_than_a_page_is_read_to_its_end(monkeypatch):
    monkeypatch.setattr(lines, "PAGE", 3)
    journal = HeldJournal()
    line, told = await opened(journal)
    journal.stored = [paused(number) for number in range(1, 11)]
    line.check(Cursor(EPOCH, 10))
    await settled(line)
    assert numbers(told) == list(range(1, 11))


async def test_what_the_log_holds_no_more_is_said_to_be_missed():
    journal = HeldJournal()
    line, told = await opened(journal)
    journal.stored = [paused(6), paused(7)]
    line.check(Cursor(EPOCH, 7))
    await settled(line)
    assert told[0].event == Lagged(5, None)
    assert str(told[0].cursor) == f"{EPOCH}.5"
    assert numbers(told[1:]) == [6, 7]


async def test_when_a_log_begins_anew_nobody_can_tell_how_much_was_missed():
    journal = HeldJournal([paused(5)])
    line, told = await opened(journal)
    journal.end = Cursor(OTHER_EPOCH, 1)
    line.hear(said(1, OTHER_EPOCH))
    await settled(line)
    line.hear(said(2, OTHER_EPOCH))
    assert told[0].event == Lagged(None, None)
    assert numbers(told[1:]) == [2]


async def test_the_first_event_of_a_project_begins_its_log():
    journal = HeldJournal(head=BEGINNING)
    line, told = await opened(journal)
    journal.end = None
    line.hear(said(1))
    line.hear(said(2))
    await settled(line)
    assert numbers(told) == [1, 2]


async def test_the_first_event_of_a_project_may_be_lost_by_the_bus_too():
    journal = HeldJournal(head=BEGINNING)
    line, told = await opened(journal)
    journal.stored, journal.end = [paused(1)], None
    line.check(Cursor(EPOCH, 1))
    await settled(line)
    assert numbers(told) == [1]


async def test_what_happens_while_it_opens_is_not_lost():
    journal = HeldJournal([paused(1)])
    line, told = Line(PROJECT, journal), []
    line.listen(told.append)
    line.hear(said(2))
    await line.open()
    assert numbers(told) == [2]


async def test_what_is_not_logged_is_told_at_once_and_stands_where_the_last_event_stood():
    line, told = await opened(HeldJournal([paused(3)]))
    gains = GainsChanged(StreamId("1"), PROJECT, ())
    line.hear(Envelope(gains))
    assert [(each.event, str(each.cursor)) for each in told] == [(gains, f"{EPOCH}.3")]


async def test_who_follows_one_stream_hears_no_other_but_all_gaps():
    journal = HeldJournal()
    line, told = await opened(journal)
    one = []
    stop = line.listen(one.append, stream_id=StreamId("2"))
    for number in (1, 2, 3):
        line.hear(said(number))
    change = SoundscapeChanged(PROJECT)
    line.hear(Envelope(change, stamp=Stamp(Cursor(EPOCH, 4), NOW)))
    journal.stored = [paused(9)]
    line.check(Cursor(EPOCH, 9))
    await settled(line)
    stop()
    assert numbers(one[:1]) == [2]
    assert [each.event for each in one[1:]] == [Lagged(4, None)]
    assert len(told) == 6


async def test_a_log_that_cannot_be_read_is_asked_again():
    class AwayJournal(HeldJournal):
        is_away = False

        async def head(self, project_id):
            if self.is_away:
                raise OSError("away")
            return await super().head(project_id)

    journal = AwayJournal()
    line, told = await opened(journal)
    journal.stored, journal.is_away = [paused(1)], True
    line.check(Cursor(EPOCH, 1))
    await settled(line)
    assert told == []
    journal.is_away = False
    line.check(Cursor(EPOCH, 1))
    await settled(line)
    assert numbers(told) == [1]


async def test_one_who_comes_later_is_told_nothing_of_a_failure_that_nobody_waited_for():
    journal = HeldJournal([paused(1)])
    real, failing = journal.head, asyncio.Event()

    async def away(project_id):
        await failing.wait()
        raise OSError("away")

    journal.head = away
    line = Line(PROJECT, journal)
    impatient = asyncio.ensure_future(line.open())
    await asyncio.sleep(0)
    impatient.cancel()
    await asyncio.wait([impatient])
    failing.set()
    await asyncio.wait([line._opening])
    journal.head = real
    await line.open()
    assert line.cursor == Cursor(EPOCH, 1)
