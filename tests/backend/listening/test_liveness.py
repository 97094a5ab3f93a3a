"""Who is seen, who is not, and what comes back."""

from datetime import timedelta

import pytest
from django.utils import timezone

from backend.bus.events import StreamOpened
from backend.listening import liveness
from backend.listening.models import Stream, StreamState
from backend.visits.models import Event
from tests.cast import make_session


@pytest.fixture
def streams(walk, cast):
    """A stream in each state, last seen a minute ago."""
    ago = timezone.now() - timedelta(minutes=1)
    return {
        state: Stream.objects.create(
            session=make_session(walk.project, cast.contributor), state=state, last_seen_at=ago, closed_at=ago
        )
        for state in StreamState
    }


def states():
    return set(Stream.objects.values_list("state", flat=True))


def test_those_that_were_idle_come_back_and_no_others(streams):
    opened = liveness.bring_back(str(stream.pk) for stream in streams.values())
    idle = Stream.objects.get(pk=streams["idle"].pk)
    assert opened == [StreamOpened(str(idle.pk), idle.session.project_id, idle.session_id)]
    assert liveness.bring_back([str(idle.pk)]) == []
    assert (idle.state, idle.closed_at) == (StreamState.PLAYING, None)
    assert states() == {"playing", "paused", "out_of_range", "closed"}


def test_a_listener_is_seen_and_brings_back_what_was_idle(streams):
    before = timezone.now()
    (opened,) = liveness.note_presence(str(stream.pk) for stream in streams.values())
    assert opened.stream_id == str(streams["idle"].pk)
    seen = Stream.objects.filter(last_seen_at__gte=before)
    assert set(seen.values_list("pk", flat=True)) == {
        stream.pk for state, stream in streams.items() if state != StreamState.CLOSED
    }


def test_only_what_is_open_and_unseen_falls_idle_and_once(streams):
    now = timezone.now()
    for stream in streams.values():
        assert not liveness.let_idle(str(stream.pk), unseen_since=now - timedelta(minutes=2))
    fallen = [state for state, stream in streams.items() if liveness.let_idle(str(stream.pk), unseen_since=now)]
    assert fallen == ["playing", "paused", "out_of_range"]
    assert states() == {"idle", "closed"}
    assert list(Event.objects.values_list("event_type", flat=True)) == ["cleanup_session"] * 3
    assert not any(liveness.let_idle(str(stream.pk), unseen_since=now) for stream in streams.values())


def test_those_that_nobody_was_seen_at_are_found(streams):
    now = timezone.now()
    assert liveness.unseen_streams(now - timedelta(minutes=2)) == []
    assert {stream.state for stream in liveness.unseen_streams(now)} == {"playing", "paused", "out_of_range"}
