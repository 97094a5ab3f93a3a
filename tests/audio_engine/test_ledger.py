"""What of a stream's life lasts."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from audio_engine import ledger
from backend.bus.events import AssetEnded, AssetStarted, RangeEntered, RangeLeft, StreamClosed, StreamPaused
from backend.listening.models import ListenEvent, Stream, StreamState
from tests.cast import make_session

PLAY = "3f0e0000-0000-4000-8000-000000000000"


@pytest.fixture
def stream(walk, cast):
    ago = timezone.now() - timedelta(hours=1)
    return Stream.objects.create(session=make_session(walk.project, cast.contributor), last_seen_at=ago)


def test_a_stream_leaves_the_range_comes_back_falls_idle_and_is_listened_to_again(walk, stream):
    key, project = str(stream.pk), walk.project.pk
    states = []
    for entry in (
        RangeLeft(key, project),
        RangeEntered(key, project),
        StreamPaused(key, project),
        StreamClosed(key, project, "IDLE"),
        ledger.ListenersPresent((key,)),
        StreamClosed(key, project, "IDLE"),
    ):
        ledger.write(entry)
        states.append(Stream.objects.get().state)
    # Who is listened to at this moment does not fall idle, whatever was said before.
    assert states == ["out_of_range", "playing", "playing", "idle", "playing", "playing"]


def test_what_was_heard_is_written_with_the_time_that_it_played(walk, stream):
    about = (str(stream.pk), walk.project.pk, PLAY, walk.asset.pk, walk.audiotrack.pk)
    ledger.write(AssetStarted(*about, datetime(2026, 5, 1, tzinfo=UTC), 0.0, 9.0))
    ledger.write(AssetEnded(*about, 1.25))
    assert list(ListenEvent.objects.values_list("session", "asset", "duration_seconds")) == [
        (stream.session_id, walk.asset.pk, 1.25)
    ]
    assert Stream.objects.get().state == StreamState.PLAYING
