"""A stream that nobody wants ends by itself, and comes back, as it was, with the next request."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Case, Q, QuerySet, Value, When
from django.utils import timezone

from backend.bus.events import StreamOpened
from backend.errors import DomainError
from backend.ids import ProjectId, SessionId, StreamId
from backend.journal.actions import record_all
from backend.listening.models import OPEN_STATES, Stream, StreamState
from backend.listening.queries import stream as find_stream
from backend.resources.viewer import Viewer
from backend.visits.actions import note

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
        with transaction.atomic():
            record_all(bring_back([StreamId(str(stream.pk))]))
        stream.refresh_from_db(fields=["state", "closed_at", "last_seen_at"])
    return stream


def note_request(stream: Stream) -> None:
    """Somebody asks for something: the stream is wanted."""
    now = timezone.now()
    if now - stream.last_seen_at >= SEEN_EVERY:
        stream.last_seen_at = now
        stream.save(update_fields=["last_seen_at"])


@transaction.atomic
def note_presence(stream_ids: Iterable[StreamId]) -> list[StreamOpened]:
    """These have a listener: those that were idle come back, and none of them is idle for now.

    Gives what is to be recorded of it.
    """
    ids = list(stream_ids)
    opened = bring_back(ids)
    Stream.objects.filter(pk__in=ids, state__in=OPEN_STATES).update(last_seen_at=timezone.now())
    return opened


@transaction.atomic
def bring_back(stream_ids: Iterable[StreamId]) -> list[StreamOpened]:
    """Those that were idle are open again; their key, tags, seed and history are what they were.

    Gives what is to be recorded of it.
    """
    idle = Stream.objects.filter(pk__in=list(stream_ids), state=StreamState.IDLE).order_by("pk")
    found = list(idle.select_related("session").select_for_update(of=("self",)))
    if found:
        idle.order_by().update(state=WITHIN_RANGE, closed_at=None, last_seen_at=timezone.now())
    return [opening(stream) for stream in found]


def opening(stream: Stream) -> StreamOpened:
    """What is to be recorded of a stream that is open now, and was not."""
    project_id = ProjectId(stream.session.project_id or 0)
    return StreamOpened(StreamId(str(stream.pk)), project_id, SessionId(stream.session_id))


def close_row(stream_id: str) -> StreamState | None:
    """Ends a stream for good, until it is opened anew. Gives what it was; None when it was closed already."""
    return _end(stream_id, Stream.objects.exclude(state=StreamState.CLOSED), into=StreamState.CLOSED)


def let_idle(stream_id: str, *, unseen_since: datetime) -> bool:
    """Ends a stream that nobody was seen at since then; False for one that has ended or is wanted."""
    unseen = Stream.objects.filter(state__in=OPEN_STATES, last_seen_at__lt=unseen_since)
    return _end(stream_id, unseen, into=StreamState.IDLE) is not None


def unseen_streams(since: datetime) -> list[Stream]:
    """Those that are open though nobody was seen at them since then, as when an engine has died, with their visits."""
    rows = Stream.objects.filter(state__in=OPEN_STATES, last_seen_at__lt=since)
    return list(rows.select_related("session"))


@transaction.atomic
def _end(stream_id: str, rows: QuerySet[Stream], *, into: StreamState) -> StreamState | None:
    stream = rows.filter(pk=stream_id).select_related("session").select_for_update(of=("self",)).first()
    if stream is None:
        return None
    was = StreamState(stream.state)
    stream.state, stream.closed_at = into, timezone.now()
    stream.save(update_fields=["state", "closed_at"])
    if was != StreamState.IDLE:
        note(stream.session, "cleanup_session")
    return was
