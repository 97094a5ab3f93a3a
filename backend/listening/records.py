"""What the engine's ledger writes down: what was heard, and which streams have ended. Each may come twice."""

from datetime import timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from backend.assets.models import Asset
from backend.bus.events import AssetEnded, AssetStarted, StreamClosed
from backend.listening.models import ListenEvent, Stream, StreamState
from backend.soundscape.models import Audiotrack
from backend.visits.actions import note
from backend.visits.models import Session

# Somebody who was seen this lately is not idle: they came back while the engine was closing the stream.
SEEN_LATELY = timedelta(seconds=10)
ANY = Q()


def record_asset_started(event: AssetStarted) -> None:
    """Writes a listen event, unless it is there or what it names has been deleted meanwhile."""
    session_id = Stream.objects.filter(pk=event.stream_id).values_list("session_id", flat=True).first()
    if session_id is None or not Asset.objects.filter(pk=event.asset_id).exists():
        return
    track = Audiotrack.objects.filter(pk=event.audiotrack_id).only("id").first()
    ListenEvent.objects.get_or_create(
        play_id=event.play_id,
        defaults={
            "session_id": session_id,
            "asset_id": event.asset_id,
            "audiotrack": track,
            "started_at": event.started_at,
        },
    )


def record_asset_ended(event: AssetEnded) -> None:
    """Writes the time that it really played, once."""
    ListenEvent.objects.filter(play_id=event.play_id, duration_seconds__isnull=True).update(
        duration_seconds=event.played_seconds
    )


def record_stream_closed(event: StreamClosed) -> None:
    """Closes the row of a stream that nobody listened to.

    One that was closed on request has its row closed already, and may have been opened anew since.
    """
    if event.reason == "IDLE":
        end_stream(event.stream_id, only=Q(last_seen_at__lt=timezone.now() - SEEN_LATELY))


@transaction.atomic
def end_stream(stream_id: str, *, only: Q = ANY) -> bool:
    """Closes the row and notes it; False when it was closed, or is not one of `only`."""
    rows = Stream.objects.filter(only, pk=stream_id).exclude(state=StreamState.CLOSED)
    if not rows.update(state=StreamState.CLOSED, closed_at=timezone.now()):
        return False
    note(Session.objects.get(stream__pk=stream_id), "cleanup_session")
    return True
