"""A stream's pauses are counted from its visit's log."""

from datetime import timedelta

import pytest
from django.utils import timezone

from backend.listening.actions import open_stream, pause_stream, resume_stream
from backend.listening.models import Stream
from backend.listening.pauses import paused_seconds
from backend.listening.requests import OpenRequest
from backend.visits.models import Event
from tests.cast import INSIDE, make_session

NOW = timezone.now()
OPENED_SECONDS_AGO = 1_000


@pytest.fixture
def stream(walk, cast):
    visit = make_session(walk.project, cast.contributor)
    return open_stream(visit.pk, viewer=cast.contributor, request=OpenRequest(**INSIDE))


def paused(stream, *said):
    """How long it was, when these were said, each as a kind and how many seconds ago."""
    Event.objects.all().delete()
    Stream.objects.update(opened_at=NOW - timedelta(seconds=OPENED_SECONDS_AGO))
    for kind, seconds_ago in said:
        Event.objects.create(session=stream.session, event_type=kind, logged_at=NOW - timedelta(seconds=seconds_ago))
    stream.refresh_from_db()
    return paused_seconds(stream, NOW)


def test_every_pause_counts_until_it_was_ended(stream):
    assert paused(stream) == 0
    assert paused(stream, ("pause", 500), ("heartbeat", 480), ("resume", 400), ("pause", 50), ("resume", 40)) == 110


def test_to_pause_what_is_paused_or_to_resume_what_plays_is_nothing_new(stream):
    assert paused(stream, ("resume", 600), ("pause", 500), ("pause", 450), ("resume", 400), ("resume", 300)) == 100


def test_what_was_before_it_was_opened_does_not_count(stream):
    assert paused(stream, ("pause", OPENED_SECONDS_AGO + 500), ("resume", OPENED_SECONDS_AGO - 1)) == 0


def test_a_pause_that_goes_on_counts_until_now_and_only_while_it_goes_on(stream, cast):
    pause_stream(stream.pk, viewer=cast.contributor)
    assert paused(stream, ("pause", 30)) == 30
    resume_stream(stream.pk, viewer=cast.contributor)
    assert paused(stream, ("pause", 30)) == 0


def test_the_listeners_own_pause_is_what_is_counted(stream, cast):
    pause_stream(stream.pk, viewer=cast.contributor)
    resume_stream(stream.pk, viewer=cast.contributor)
    stream.refresh_from_db()
    begun, ended = Event.objects.filter(event_type__in=("pause", "resume")).order_by("pk")
    assert paused_seconds(stream, NOW) == (ended.logged_at - begun.logged_at).total_seconds() > 0
