"""How long a stream was paused: its visit's log knows."""

from datetime import datetime, timedelta

from backend.listening.models import Stream
from backend.visits.models import Event

PAUSE, RESUME = "pause", "resume"


def paused_seconds(stream: Stream, now: datetime) -> float:
    """Since it was opened, until now; a resume ends what the first of the pauses before it began."""
    said = Event.objects.filter(
        session=stream.session_id, event_type__in=(PAUSE, RESUME), logged_at__gte=stream.opened_at
    )
    paused = timedelta()
    since: datetime | None = None
    for kind, at in said.order_by("logged_at", "pk").values_list("event_type", "logged_at"):
        if kind == PAUSE:
            since = since or at
        elif since is not None:
            paused, since = paused + (at - since), None
    if stream.is_paused and since is not None:
        paused += now - since
    return paused.total_seconds()
