"""What the doors show of visits: to visitors their own, to a project's owners and to staff theirs."""

from backend.resources.resource import Resource, Verb
from backend.resources.viewer import Viewer
from backend.visits.models import Event, Session
from backend.visits.ownership import is_own_visit, may_write_within, of_visits_seen


def _may_write_event(viewer: Viewer, event: Event) -> bool:
    return may_write_within(viewer, event.session)


SESSION = Resource(
    model=Session,
    read=(
        "id",
        "project",
        "language",
        "started_at",
        "ended_at",
        "client_type",
        "client_system",
        "timezone",
        "geo_listen_enabled",
        "demo_stream_enabled",
    ),
    read_own=("user", "device_id"),
    write=("language", "geo_listen_enabled", "timezone", "client_type", "client_system"),
    verbs=(Verb.UPDATE,),
    filter=(
        "id",
        "project",
        "user",
        "language",
        "language__code",
        "started_at",
        "geo_listen_enabled",
        "demo_stream_enabled",
    ),
    order=("id", "started_at"),
    rest_names={
        "project": "project_id",
        "language": "language_id",
        "started_at": "starttime",
        "ended_at": "stoptime",
    },
    visible_to=of_visits_seen(""),
    may_write=is_own_visit,
)

EVENT = Resource(
    model=Event,
    read=("id", "session", "event_type", "logged_at", "client_time", "latitude", "longitude", "tag_ids", "data"),
    verbs=(Verb.DELETE,),
    filter=("id", "session", "session__project", "event_type", "logged_at", "tag_ids", "position"),
    order=("id", "logged_at"),
    rest_names={"session": "session_id", "logged_at": "server_time"},
    visible_to=of_visits_seen("session__"),
    may_write=_may_write_event,
)
