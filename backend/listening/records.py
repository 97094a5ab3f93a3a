"""What the ledger writes down beside the events: what was heard, what became of streams. Each may come twice."""

from datetime import timedelta

from django.conf import settings
from django.utils import timezone

from backend.assets.models import Asset
from backend.bus.events import AssetEnded, AssetStarted, RangeEntered, RangeLeft, StreamClosed
from backend.listening.forgotten_plays import settle_after, settle_before
from backend.listening.liveness import WITHIN_RANGE, let_idle
from backend.listening.models import ListenEvent, Stream, StreamState
from backend.soundscape.models import Audiotrack

# Somebody who was seen in this last part of the time is not idle: they came back while the engine ended the stream.
LATELY = 0.05


def record_asset_started(event: AssetStarted) -> None:
    """Writes a listen event, unless it is there or what it names has been deleted meanwhile."""
    session_id = Stream.objects.filter(pk=event.stream_id).values_list("session_id", flat=True).first()
    if session_id is None or not Asset.objects.filter(pk=event.asset_id).exists():
        return
    settle_before(event)
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


def record_range_left(event: RangeLeft) -> None:
    """The stream is out of range, whether or not it is paused; what has ended stays so."""
    within = Stream.objects.filter(pk=event.stream_id, state__in=(StreamState.PLAYING, StreamState.PAUSED))
    within.update(state=StreamState.OUT_OF_RANGE)


def record_range_entered(event: RangeEntered) -> None:
    """The stream plays again, unless its listener has paused it."""
    Stream.objects.filter(pk=event.stream_id, state=StreamState.OUT_OF_RANGE).update(state=WITHIN_RANGE)


def record_stream_closed(event: StreamClosed) -> bool:
    """Ends the row of a stream that nobody listened to. Whether it is to be logged that the stream has ended.

    Not of one that was closed on request or deleted, for whoever did so has said so, and it may have been opened anew
    since; nor of one that is wanted after all.
    """
    settle_after(event)
    lately = timedelta(seconds=LATELY * settings.STREAM_IDLE_SECONDS)
    return event.reason == "IDLE" and let_idle(event.stream_id, unseen_since=timezone.now() - lately)
