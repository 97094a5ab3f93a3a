"""What the engine's ledger writes down, each event once."""

import uuid
from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from backend.bus.events import AssetEnded, AssetStarted, RangeEntered, RangeLeft, StreamClosed
from backend.listening import records
from backend.listening.models import ListenEvent, Stream, StreamState
from backend.visits.models import Event
from tests.cast import make_session

AT = datetime(2026, 5, 1, 12, 30, tzinfo=UTC)
PLAY = str(uuid.uuid4())


@pytest.fixture
def stream(walk, cast):
    return Stream.objects.create(session=make_session(walk.project, cast.contributor))


@pytest.fixture
def started(walk, stream):
    return AssetStarted(str(stream.pk), walk.project.pk, PLAY, walk.asset.pk, walk.audiotrack.pk, AT, 1.5, 9.0)


@pytest.fixture
def ended(walk, stream):
    return AssetEnded(str(stream.pk), walk.project.pk, PLAY, walk.asset.pk, walk.audiotrack.pk, 4.25)


def test_what_began_to_play_is_written_once(walk, stream, started):
    records.record_asset_started(started)
    records.record_asset_started(started)
    event = ListenEvent.objects.get()
    assert (str(event.play_id), event.session, event.asset) == (PLAY, stream.session, walk.asset)
    assert (event.audiotrack, event.started_at, event.duration_seconds) == (walk.audiotrack, AT, None)


def test_it_gets_the_time_that_it_really_played_once(started, ended):
    records.record_asset_started(started)
    records.record_asset_ended(ended)
    records.record_asset_started(started)
    records.record_asset_ended(AssetEnded(**{name: getattr(ended, name) for name in IDS}, played_seconds=99.0))
    assert ListenEvent.objects.get().duration_seconds == 4.25


IDS = ("stream_id", "project_id", "play_id", "asset_id", "audiotrack_id")


def test_the_end_of_what_never_began_is_nothing(ended):
    records.record_asset_ended(ended)
    assert not ListenEvent.objects.exists()


def test_what_was_deleted_meanwhile_is_not_written(walk, stream, started):
    walk.audiotrack.delete()
    records.record_asset_started(started)
    assert ListenEvent.objects.get().audiotrack is None
    walk.asset.delete()
    records.record_asset_started(started)
    assert not ListenEvent.objects.exists()


def test_what_played_to_a_stream_that_is_gone_is_not_written(stream, started):
    stream.delete()
    records.record_asset_started(started)
    assert not ListenEvent.objects.exists()


@pytest.mark.parametrize(("is_paused", "state"), [(False, StreamState.PLAYING), (True, StreamState.PAUSED)])
def test_out_of_range_and_back_a_stream_is_what_its_listener_wants(stream, is_paused, state):
    Stream.objects.update(state=state, is_paused=is_paused)
    left, entered = (kind(str(stream.pk), stream.session.project_id) for kind in (RangeLeft, RangeEntered))
    for _ in range(2):
        records.record_range_left(left)
        assert Stream.objects.get().state == StreamState.OUT_OF_RANGE
    for _ in range(2):
        records.record_range_entered(entered)
        assert Stream.objects.get().state == state


@pytest.mark.parametrize("state", [StreamState.CLOSED, StreamState.IDLE])
def test_what_has_ended_is_neither_in_range_nor_out_of_it(stream, state):
    Stream.objects.update(state=state)
    records.record_range_left(RangeLeft(str(stream.pk), stream.session.project_id))
    records.record_range_entered(RangeEntered(str(stream.pk), stream.session.project_id))
    assert Stream.objects.get().state == state


def closed(stream, reason):
    return StreamClosed(str(stream.pk), stream.session.project_id, reason)


def test_a_stream_that_nobody_listened_to_is_closed_once(stream):
    Stream.objects.update(last_seen_at=timezone.now() - timedelta(minutes=4))
    assert records.record_stream_closed(closed(stream, "IDLE"))
    closed_at = Stream.objects.get(state=StreamState.IDLE).closed_at
    assert not records.record_stream_closed(closed(stream, "IDLE"))
    assert Stream.objects.get().closed_at == closed_at
    assert [event.event_type for event in Event.objects.all()] == ["cleanup_session"]


def test_a_listener_who_came_back_meanwhile_keeps_the_stream(stream):
    assert not records.record_stream_closed(closed(stream, "IDLE"))
    assert Stream.objects.get().state == StreamState.PLAYING


def test_a_stream_closed_on_request_may_have_been_opened_anew(stream):
    Stream.objects.update(last_seen_at=timezone.now() - timedelta(minutes=4))
    assert not records.record_stream_closed(closed(stream, "CLOSED"))
    assert Stream.objects.get().state == StreamState.PLAYING
    assert not Event.objects.exists()


@pytest.mark.parametrize("reason", ["IDLE", "CLOSED"])
def test_of_a_stream_whose_visit_was_deleted_that_was_told_by_who_did_it(stream, reason):
    gone = closed(stream, reason)
    stream.session.delete()
    assert not records.record_stream_closed(gone)
