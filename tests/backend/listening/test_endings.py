"""A visit ends with its stream, and goes on when somebody comes back."""

import pytest

from backend.bus.commands import CloseStream
from backend.bus.events import StreamClosed
from backend.errors import NotFound, NotPermitted
from backend.listening.actions import open_stream
from backend.listening.endings import end_session
from backend.listening.models import Stream, StreamState
from backend.listening.requests import OpenRequest
from backend.resources.viewer import ANONYMOUS
from backend.visits.models import Session
from tests.cast import INSIDE, make_session

HERE = OpenRequest(**INSIDE)


@pytest.fixture
def visit(walk, cast):
    return make_session(walk.project, cast.contributor)


@pytest.fixture
def stream(visit, cast):
    return open_stream(visit.pk, viewer=cast.contributor, request=HERE)


@pytest.fixture
def sent(recording_bus, django_capture_on_commit_callbacks):
    """Ends a visit, and gives what was told when it was committed."""

    def act(session_id, *, viewer):
        already = len(recording_bus.sent)
        with django_capture_on_commit_callbacks(execute=True):
            end_session(session_id, viewer=viewer)
        return recording_bus.sent[already:]

    return act


def test_a_visit_ends_with_its_stream_once(stream, visit, cast, sent):
    key = str(stream.pk)
    assert sent(visit.pk, viewer=cast.contributor) == [CloseStream(key), StreamClosed(key, visit.project_id, "CLOSED")]
    ended_at = Session.objects.get(pk=visit.pk).ended_at
    assert Stream.objects.get().state == StreamState.CLOSED
    assert sent(visit.pk, viewer=cast.contributor) == []
    assert Session.objects.get(pk=visit.pk).ended_at == ended_at is not None


def test_a_visit_without_a_stream_ends_too(visit, cast, sent):
    assert sent(visit.pk, viewer=cast.contributor) == []
    assert Session.objects.get(pk=visit.pk).ended_at is not None


def test_a_visit_that_has_ended_goes_on_with_its_stream(stream, visit, cast):
    end_session(visit.pk, viewer=cast.contributor)
    open_stream(visit.pk, viewer=cast.contributor, request=HERE)
    assert Session.objects.get(pk=visit.pk).ended_at is None
    assert Stream.objects.get().state == StreamState.PLAYING


def test_nobody_ends_anothers_visit(stream, visit, cast, sent, recording_bus):
    for viewer, error in ((cast.stranger, NotFound), (ANONYMOUS, NotFound), (cast.owner, NotPermitted)):
        with pytest.raises(error) as refusal:
            sent(visit.pk, viewer=viewer)
        assert refusal.value.field == "session_id"
    assert recording_bus.sent == []
    assert Session.objects.get(pk=visit.pk).ended_at is None
    assert Stream.objects.get().state == StreamState.PLAYING
