"""A stream that nobody wants ends by itself, and comes back, as it was, with the next request."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Case, Q, QuerySet, Value, When
from django.utils import timezone

from backend.errors import DomainError
from backend.ids import StreamId
from backend.listening.models import OPEN_STATES, Stream, StreamState
from backend.listening.queries import stream as find_stream
from backend.resources.viewer import Viewer
from backend.visits.actions import note
from backend.visits.models import Session

# Whoever is seen more often than this is not written down each time.
SEEN_EVERY = timedelta(seconds=5)
# The state of a stream within range.
WITHIN_RANGE = Case(
    When(is_paused=True, then=Value(StreamState.PAUSED.value)), default=Value(StreamState.PLAYING.value)
)
ANY = Q()


class StreamIsClosed(DomainError):
    """The stream has ended; open it again."""

    code = "STREAM_CLOSED"


def wanted_stream(stream_id: object, viewer: Viewer) -> Stream:
    """A stream that takes requests; an idle one comes back by being asked for. Raises NotFound, StreamIsClosed."""
    stream = find_stream(stream_id, viewer)
    if stream.state == StreamState.CLOSED:
        raise StreamIsClosed("This stream has ended; open it again.", field="stream_id")
    if stream.state == StreamState.IDLE:
        bring_back([StreamId(str(stream.pk))])
        stream.refresh_from_db(fields=["state", "closed_at", "last_seen_at"])
    return stream


def note_request(stream: Stream) -> None:
    """Somebody asks for something: the stream is wanted."""
    now = timezone.now()
    if now - stream.last_seen_at >= SEEN_EVERY:
        stream.last_seen_at = now
        stream.save(update_fields=["last_seen_at"])


def note_presence(stream_ids: Iterable[StreamId]) -> None:
    """These have a listener: those that were idle come back, and none of them is idle for now."""
    ids = list(stream_ids)
    bring_back(ids)
    Stream.objects.filter(pk__in=ids, state__in=OPEN_STATES).update(last_seen_at=timezone.now())


def bring_back(stream_ids: Iterable[StreamId]) -> None:
    """Those that were idle are open again; their key, tags, seed and history are what they were."""
    rows = Stream.objects.filter(pk__in=list(stream_ids), state=StreamState.IDLE)
    rows.update(state=WITHIN_RANGE, closed_at=None, last_seen_at=timezone.now())


def close_row(stream_id: str) -> bool:
    """Ends a stream for good, until it is opened anew; False when it was closed already."""
    return _end(stream_id, Stream.objects.exclude(state=StreamState.CLOSED), into=StreamState.CLOSED)


def let_idle(stream_id: str, *, unseen_since: datetime) -> bool:
    """Ends a stream that nobody was seen at since then; False for one that has ended or is wanted."""
    unseen = Stream.objects.filter(state__in=OPEN_STATES, last_seen_at__lt=unseen_since)
    return _end(stream_id, unseen, into=StreamState.IDLE)


def unseen_streams(since: datetime) -> list[Stream]:
    """Those that are open though nobody was seen at them since then, as when an engine has died, with their visits."""
    rows = Stream.objects.filter(state__in=OPEN_STATES, last_seen_at__lt=since)
    return list(rows.select_related("session"))


@transaction.atomic
def _end(stream_id: str, rows: QuerySet[Stream], *, into: StreamState) -> bool:
    was_idle = rows.filter(pk=stream_id, state=StreamState.IDLE).exists()
    if not rows.filter(pk=stream_id).update(state=into, closed_at=timezone.now()):
        return False
    if not was_idle:
        note(Session.objects.get(stream__pk=stream_id), "cleanup_session")
    return True
