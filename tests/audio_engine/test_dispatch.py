"""What lasts is written before anybody hears of it; what passes goes straight to the bus."""

import pytest

from audio_engine.dispatch import Dispatch
from audio_engine.ledger import ListenersPresent
from backend.bus.codec import Topic
from backend.bus.events import GainsChanged, ListenerMoved, StreamOpened, StreamPaused
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
