"""The ledger never holds up the beat and loses nothing that can be written."""

import threading

from django.db import OperationalError

from audio_engine.ledger import Ledger
from backend.bus.events import StreamPaused
from backend.ids import ProjectId, StreamId

PATIENCE_SECONDS = 5


def event(number: int) -> StreamPaused:
    return StreamPaused(StreamId(str(number)), ProjectId(1))


def test_events_are_written_in_their_order():
    written = []
    ledger = Ledger(written.append)
    for number in range(100):
        ledger.note(event(number))
    ledger.close(patience_seconds=PATIENCE_SECONDS)
    assert written == [event(number) for number in range(100)]


def test_a_full_ledger_loses_the_newest_and_counts_it():
    started, go_on, written = threading.Event(), threading.Event(), []

    def slow(item):
        started.set()
        go_on.wait(PATIENCE_SECONDS)
        written.append(item)

    ledger = Ledger(slow, limit=2)
    ledger.note(event(0))
    started.wait(PATIENCE_SECONDS)
    for number in range(1, 5):
        ledger.note(event(number))
    go_on.set()
    ledger.close(patience_seconds=PATIENCE_SECONDS)
    assert written == [event(0), event(1), event(2)]
    assert ledger.lost == 2


def test_a_database_that_was_away_gets_the_event_when_it_is_back():
    written, failures = [], [OperationalError("locked"), OperationalError("locked")]

    def flaky(item):
        if failures:
            raise failures.pop()
        written.append(item)

    ledger = Ledger(flaky, retry_seconds=0)
    ledger.note(event(1))
    ledger.close(patience_seconds=PATIENCE_SECONDS)
    assert written == [event(1)]
    assert ledger.lost == 0
