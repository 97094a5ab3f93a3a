"""What lasts is written before anybody hears of it; what passes goes straight to the bus."""

import asyncio
import threading
from datetime import UTC, datetime

import pytest
from django.db import OperationalError

from audio_engine.dispatch import Dispatch
from audio_engine.ledger import ListenersPresent
from backend.bus.codec import Topic
from backend.bus.events import EngineReported, GainsChanged, ListenerMoved, StreamOpened, StreamPaused
from backend.geo.position import Position
from backend.listening.models import Stream, StreamState
from tests.cast import make_session

PATIENCE_SECONDS = 10


@pytest.fixture
def heard(recording_bus):
    """What of streams was told, with whether it has a number."""
    envelopes = []
    recording_bus.listen([Topic.EVENTS], envelopes.append)
    return lambda: {(envelope.message, envelope.stamp is not None) for envelope in envelopes}


@pytest.mark.django_db(transaction=True)
def test_what_is_logged_has_a_number_and_what_is_conflated_has_none(walk, cast, heard):
    visit = make_session(walk.project, cast.contributor)
    stream = Stream.objects.create(session=visit, state=StreamState.IDLE)
    key, project = str(stream.pk), walk.project.pk
    moved, gains = ListenerMoved(key, project, Position(60.0, 25.0)), GainsChanged(key, project, ())
    dispatch = Dispatch()
    for event in (moved, StreamPaused(key, project), ListenersPresent((key,)), gains):
        dispatch.emit(event)
    dispatch.close(patience_seconds=PATIENCE_SECONDS)
    assert heard() == {
        (moved, False),
        (gains, False),
        (StreamPaused(key, project), True),
        (StreamOpened(key, project, visit.pk), True),
    }
    assert dispatch.lost == 0


def test_what_the_bus_could_not_send_is_lost_too(recording_bus, monkeypatch):
    dispatch = Dispatch()
    monkeypatch.setattr(recording_bus, "lost", 3)
    assert dispatch.lost == 3
    dispatch.close(patience_seconds=PATIENCE_SECONDS)


async def test_reports_begin_at_once(recording_bus):
    report = EngineReported("host:8000", datetime(2026, 5, 1, tzinfo=UTC), 1.0, 0.5, 2, 1, 0, 0, 0, 0, 0.0)
    dispatch = Dispatch()
    reporting = asyncio.create_task(dispatch.keep_reporting(lambda: report))
    await asyncio.sleep(0)
    reporting.cancel()
    dispatch.close(patience_seconds=PATIENCE_SECONDS)
    assert recording_bus.sent == [report]


async def test_the_journal_is_kept_short_also_after_a_failure(monkeypatch):
    trimmed, loop, times = asyncio.Event(), asyncio.get_running_loop(), []

    def trim():
        times.append(threading.current_thread())
        if len(times) == 1:
            raise OperationalError("away")
        loop.call_soon_threadsafe(trimmed.set)

    monkeypatch.setattr("audio_engine.dispatch.TRIM_SECONDS", 0.01)
    monkeypatch.setattr("audio_engine.dispatch.TRIM_DEADLINE_SECONDS", PATIENCE_SECONDS)
    monkeypatch.setattr("audio_engine.dispatch.trim_journal", trim)
    dispatch = Dispatch()
    keeping = asyncio.create_task(dispatch.keep_journal_short())
    await asyncio.wait_for(trimmed.wait(), PATIENCE_SECONDS)
    keeping.cancel()
    dispatch.close(patience_seconds=PATIENCE_SECONDS)
    assert threading.current_thread() not in times
