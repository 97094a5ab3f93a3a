"""Plays whose engine died: nobody tells how long they were, so they get the time that they can have been."""

from datetime import datetime, timedelta

from django.db.models import Q, QuerySet
from django.utils import timezone

from backend.bus.events import AssetStarted, StreamClosed
from backend.listening.models import OPEN_STATES, ListenEvent

# The ledger of an engine that lives has written by then what it knows of a stream that has ended.
SURELY_WRITTEN = timedelta(minutes=5)
MOST_AT_ONCE = 1_000


def settle_before(event: AssetStarted) -> None:
    """A track plays one asset at a time: what is open on it has ended, at the latest now."""
    same_track = Q(session__stream=event.stream_id, audiotrack=event.audiotrack_id, started_at__lt=event.started_at)
    _settle(ListenEvent.objects.filter(same_track), until=event.started_at)


def settle_after(event: StreamClosed) -> None:
    """Nothing of this stream sounds any more, nor of those that ended while no engine was there."""
    now = timezone.now()
    ended_long_ago = ~Q(session__stream__state__in=OPEN_STATES) & Q(session__stream__closed_at__lt=now - SURELY_WRITTEN)
    _settle(ListenEvent.objects.filter(Q(session__stream=event.stream_id) | ended_long_ago), until=now)


def _settle(plays: QuerySet[ListenEvent], *, until: datetime) -> None:
    open_plays = plays.filter(duration_seconds=None).select_related("asset", "session__stream")
    for play in open_plays.order_by("pk")[:MOST_AT_ONCE]:
        end = min(until, play.session.stream.closed_at or until)
        seconds = max((end - play.started_at).total_seconds(), 0.0)
        longest = play.asset.duration_seconds
        play.duration_seconds = seconds if longest is None else min(seconds, longest)
        play.save(update_fields=["duration_seconds"])
