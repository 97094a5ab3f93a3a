"""What of a stream's life lasts, and is told with its number when it is written."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import OperationalError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from audio_engine import ledger
from audio_engine.ledger import Ledger, ListenersPresent
from backend.bus.events import (
    AssetEnded,
    AssetStarted,
    RangeEntered,
    RangeLeft,
    StreamClosed,
    StreamOpened,
    StreamPaused,
    StreamResumed,
)
from backend.journal.models import Entry
from backend.journal.queries import entries
from backend.listening.models import ListenEvent, Stream, StreamState
from tests.cast import make_project, make_session

PLAY = "3f0e0000-0000-4000-8000-000000000000"
NOWHERE = "3f0e0000-0000-4000-8000-000000000001"
PATIENCE_SECONDS = 10


@pytest.fixture
def stream(walk, cast):
    ago = timezone.now() - timedelta(hours=1)
    return Stream.objects.create(session=make_session(walk.project, cast.contributor), last_seen_at=ago)


@pytest.fixture
def opened(monkeypatch):
    """A ledger that writes in the test's own thread and transaction; closed at the end."""
    monkeypatch.setattr(ledger, "settle_connections", lambda: None)
    made = Ledger(retry_seconds=0)
    yield made
    made.close(patience_seconds=PATIENCE_SECONDS)


@pytest.fixture
def logged(walk):
    """What the log of the project has got since the test began."""
    begin = Entry.objects.filter(project=walk.project).count()
    return lambda: [each.event for each in entries(walk.project.pk, after=begin)]


def started(walk, stream, play=PLAY):
    about = (str(stream.pk), walk.project.pk, play, walk.asset.pk, walk.audiotrack.pk)
    return AssetStarted(*about, datetime(2026, 5, 1, tzinfo=UTC), 0.0, 9.0)


def ended(walk, stream, play=PLAY):
    return AssetEnded(str(stream.pk), walk.project.pk, play, walk.asset.pk, walk.audiotrack.pk, 1.25)


def test_a_stream_leaves_the_range_comes_back_falls_idle_and_is_listened_to_again(walk, stream, opened, logged):
    key, project = str(stream.pk), walk.project.pk
    states = []
    for entry in (
        RangeLeft(key, project),
        RangeEntered(key, project),
        StreamPaused(key, project),
        StreamClosed(key, project, "IDLE"),
        ListenersPresent((key,)),
        StreamClosed(key, project, "IDLE"),
    ):
        opened.write([entry])
        states.append(Stream.objects.get().state)
    # Who is listened to at this moment does not fall idle, whatever was said before.
    assert states == ["out_of_range", "playing", "playing", "idle", "playing", "playing"]
    # And what is not so is not logged.
    assert logged() == [
        RangeLeft(key, project),
        RangeEntered(key, project),
        StreamPaused(key, project),
        StreamClosed(key, project, "IDLE"),
        StreamOpened(key, project, stream.session_id),
    ]


def test_what_was_heard_is_written_with_the_time_that_it_played(walk, stream, opened):
    opened.write([started(walk, stream), ended(walk, stream)])
    assert list(ListenEvent.objects.values_list("session", "asset", "duration_seconds")) == [
        (stream.session_id, walk.asset.pk, 1.25)
    ]
    assert Stream.objects.get().state == StreamState.PLAYING


def test_what_happens_together_is_logged_in_its_order_with_two_statements_a_project(walk, stream, opened, logged):
    key, other = str(stream.pk), make_project()
    here = [StreamPaused(key, walk.project.pk), *[StreamResumed(key, walk.project.pk)] * 40]
    before = Entry.objects.count()
    with CaptureQueriesContext(connection) as made:
        opened.write([here[0], StreamPaused(NOWHERE, other.pk), *here[1:]])
    assert sum("journal_" in each["sql"] for each in made) == 4
    assert logged() == here
    assert Entry.objects.count() == before + 42


def test_what_names_deleted_rows_is_logged_and_takes_no_other_along(walk, stream, opened, logged):
    key, project = str(stream.pk), walk.project.pk
    gone = Stream(pk=NOWHERE)
    happened = [
        started(walk, gone),
        RangeLeft(NOWHERE, project),
        ended(walk, gone),
        RangeLeft(key, project),
    ]
    # Whoever deleted the stream has told of its end.
    opened.write([*happened, StreamClosed(NOWHERE, project, "IDLE"), StreamClosed(NOWHERE, project, "CLOSED")])
    assert logged() == happened
    assert Stream.objects.get().state == StreamState.OUT_OF_RANGE
    assert not ListenEvent.objects.exists()


def test_what_cannot_be_written_is_counted_and_logged_and_takes_no_other_along(walk, stream, opened, logged):
    bad, good = RangeLeft("no stream at all", walk.project.pk), RangeLeft(str(stream.pk), walk.project.pk)
    opened.write([bad, good])
    assert logged() == [bad, good]
    assert Stream.objects.get().state == StreamState.OUT_OF_RANGE
    assert opened.lost == 1


def test_a_stream_that_was_closed_on_request_is_not_logged_again(walk, stream, opened, logged):
    Stream.objects.update(state=StreamState.CLOSED)
    for reason in ("CLOSED", "IDLE"):
        opened.write([StreamClosed(str(stream.pk), walk.project.pk, reason)])
    assert logged() == []


@pytest.mark.django_db(transaction=True)
class TestAway:
    def test_what_the_database_refuses_for_a_while_is_written_when_it_is_back(self, walk, stream, logged, monkeypatch):
        failures = [OperationalError("away"), OperationalError("away")]
        real = ledger.record_all

        def away(events):
            if failures:
                raise failures.pop()
            real(events)

        monkeypatch.setattr(ledger, "record_all", away)
        opened = Ledger(retry_seconds=0)
        happened = [started(walk, stream), RangeLeft(str(stream.pk), walk.project.pk)]
        for event in happened:
            opened.post(event)
        opened.close(patience_seconds=PATIENCE_SECONDS)
        assert logged() == happened
        assert ListenEvent.objects.count() == 1
        assert opened.lost == 0

    def test_a_commit_of_which_nothing_was_heard_is_not_done_again(self, walk, stream, opened, logged):
        happened = [RangeLeft(str(stream.pk), walk.project.pk), StreamPaused(str(stream.pk), walk.project.pk)]

        def lose_the_connection():
            raise OperationalError("gone while it was committed")

        with pytest.raises(OperationalError), transaction.atomic():
            opened.write(happened)
            transaction.on_commit(lose_the_connection)
        opened.write(happened)
        assert logged() == happened
        # The same may happen once more, later.
        opened.write(list(happened))
        assert logged() == happened * 2
