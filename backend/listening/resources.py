"""What the doors show of listening: a stream to its listener and staff, what was heard to the owners too."""

from django.db.models import QuerySet

from backend.listening.models import ListenEvent, Stream
from backend.resources.resource import Resource, Verb
from backend.resources.viewer import Viewer
from backend.visits.ownership import is_own_visit, may_write_within, of_visits_seen

EDITED = (Verb.CREATE, Verb.UPDATE, Verb.DELETE)


def _own_streams(rows: QuerySet[Stream], viewer: Viewer) -> QuerySet[Stream]:
    return rows if viewer.is_staff else rows.filter(session__user=viewer.id or 0)


def _may_write_stream(viewer: Viewer, stream: Stream) -> bool:
    return is_own_visit(viewer, stream.session)


def _may_write_listen_event(viewer: Viewer, event: ListenEvent) -> bool:
    return may_write_within(viewer, event.session)


STREAM = Resource(
    model=Stream,
    read=(
        "id",
        "session",
        "state",
        "format",
        "bitrate",
        "latitude",
        "longitude",
        "heading",
        "width",
        "range_min",
        "range_max",
        "tag_ids",
        "opened_at",
        "closed_at",
    ),
    filter=("id", "session", "session__project", "state", "opened_at"),
    order=("id", "opened_at"),
    visible_to=_own_streams,
    may_write=_may_write_stream,
)

LISTEN_EVENT = Resource(
    model=ListenEvent,
    read=("id", "play_id", "session", "asset", "audiotrack", "started_at", "duration_seconds"),
    write=("session", "asset", "started_at", "duration_seconds"),
    verbs=EDITED,
    filter=(
        "id",
        "play_id",
        "session",
        "session__project",
        "asset",
        "audiotrack",
        "started_at",
        "duration_seconds",
    ),
    order=("id", "started_at", "duration_seconds"),
    rest_names={
        "session": "session_id",
        "session__project": "project_id",
        "asset": "asset_id",
        "started_at": "start_time",
        "duration_seconds": "duration_in_seconds",
    },
    visible_to=of_visits_seen("session__"),
    may_write=_may_write_listen_event,
)
