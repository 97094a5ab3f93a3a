"""What an engine that was killed had begun to play gets an end."""

import uuid
from datetime import timedelta

import pytest
from django.utils import timezone

from backend.bus.events import AssetEnded, AssetStarted, StreamClosed
from backend.listening import records
from backend.listening.models import ListenEvent, Stream, StreamState
from backend.soundscape.models import Audiotrack
from tests.cast import make_asset, make_session

NOW = timezone.now()


@pytest.fixture
def stream(walk, cast):
    walk.asset.duration_seconds = 60.0
    walk.asset.save()
    return Stream.objects.create(session=make_session(walk.project, cast.contributor))


def ago(seconds):
    return NOW - timedelta(seconds=seconds)


def begin(walk, stream, at, *, asset=None, track=None):
    event = AssetStarted(
        str(stream.pk),
        walk.project.pk,
        str(uuid.uuid4()),
        (asset or walk.asset).pk,
        (track or walk.audiotrack).pk,
        at,
        0.0,
        9.0,
    )
    records.record_asset_started(event)
    return event


def durations():
    return list(ListenEvent.objects.order_by("pk").values_list("duration_seconds", flat=True))


def close(walk, stream, reason="CLOSED"):
    records.record_stream_closed(StreamClosed(str(stream.pk), walk.project.pk, reason))


def test_it_ended_when_its_track_began_another(walk, stream):
    begin(walk, stream, ago(20))
    begin(walk, stream, ago(8))
    assert durations() == [12.0, None]


def test_it_played_no_longer_than_its_recording_is(walk, stream):
    begin(walk, stream, ago(900))
    begin(walk, stream, ago(8))
    assert durations() == [60.0, None]


def test_other_tracks_and_other_streams_play_on(walk, stream, cast):
    other = Stream.objects.create(session=make_session(walk.project, cast.stranger))
    begin(walk, stream, ago(20), track=Audiotrack.objects.create(project=walk.project))
    begin(walk, other, ago(20))
    begin(walk, stream, ago(8))
    assert durations() == [None, None, None]


def test_what_is_known_stays(walk, stream):
    started = begin(walk, stream, ago(20))
    said = {name: getattr(started, name) for name in ("stream_id", "project_id", "play_id", "asset_id")}
    records.record_asset_ended(AssetEnded(**said, audiotrack_id=started.audiotrack_id, played_seconds=3.5))
    begin(walk, stream, ago(8))
    close(walk, stream)
    assert durations()[0] == 3.5


@pytest.mark.parametrize("reason", ["CLOSED", "IDLE"])
def test_with_its_stream_all_ends(walk, stream, reason):
    begin(walk, stream, ago(900))
    begin(
        walk,
        stream,
        ago(900),
        asset=make_asset(walk.project, duration_seconds=None),
        track=Audiotrack.objects.create(project=walk.project),
    )
    close(walk, stream, reason)
    first, second = durations()
    assert first == 60.0
    assert 900 <= second <= (timezone.now() - ago(900)).total_seconds()


def test_what_ended_while_there_was_no_engine_is_found_by_the_next_end(walk, stream, cast):
    forgotten, fresh = (Stream.objects.create(session=make_session(walk.project, cast.stranger)) for _ in range(2))
    begin(walk, forgotten, ago(1_000))
    begin(walk, fresh, ago(1_000))
    Stream.objects.filter(pk=forgotten.pk).update(state=StreamState.CLOSED, closed_at=ago(970))
    Stream.objects.filter(pk=fresh.pk).update(state=StreamState.CLOSED, closed_at=ago(10))
    close(walk, stream)
    assert durations() == [30.0, None]
