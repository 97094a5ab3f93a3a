"""A visit begins, and what happens during it is noted."""

from dataclasses import dataclass

from django.utils import timezone

from backend.accounts.models import DeviceProfile
from backend.errors import InvalidInput
from backend.projects.queries import chosen_language, language_of_code, project
from backend.resources.cleaning import cleaned
from backend.resources.viewer import Viewer, signed_in
from backend.visits.models import Event, Session
from backend.visits.queries import own_session

# What describes a browser may be of any length; the column is not.
CLIENT_SYSTEM_LENGTH = 128


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitOptions:
    """What a client may say of a visit; None leaves it to the project, the user's device or the default."""

    language_code: str | None = None
    language_id: object = None
    timezone: str | None = None
    geo_listen_enabled: bool | None = None
    demo_stream_enabled: bool = False
    client_type: str | None = None
    client_system: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EventDetails:
    """What may be noted with an event; kept as it came."""

    client_time: str | None = None
    latitude: str | None = None
    longitude: str | None = None
    tag_ids: str | None = None
    data: str | None = None


NO_OPTIONS = VisitOptions()
NO_DETAILS = EventDetails()


def create_session(project_id: object, *, viewer: Viewer, options: VisitOptions = NO_OPTIONS) -> Session:
    """Begin the viewer's visit. Raises NotAuthenticated, NotFound (project_id, language_id), InvalidInput."""
    user_id = signed_in(viewer)
    visited = project(project_id, viewer)
    device = DeviceProfile.objects.filter(user_id=user_id).first()
    is_geo = visited.geo_listen_enabled if options.geo_listen_enabled is None else options.geo_listen_enabled
    row = Session(
        project=visited,
        user_id=user_id,
        language_id=chosen_language(code=options.language_code, language_id=options.language_id),
        timezone="0000" if options.timezone is None else options.timezone,
        geo_listen_enabled=is_geo,
        demo_stream_enabled=options.demo_stream_enabled,
        device_id=device.device_id if device else None,
        client_type=options.client_type or (device.client_type if device else None),
        client_system=options.client_system and options.client_system[:CLIENT_SYSTEM_LENGTH],
    )
    cleaned(row).save()
    return row


def choose_language(session_id: object, code: str, *, viewer: Viewer) -> Session:
    """The visit goes on in this language. Raises NotFound, NotPermitted, and InvalidInput for an unknown one."""
    visit, language = own_session(session_id, viewer), language_of_code(code)
    if language is None:
        raise InvalidInput("language not supported", field="language")
    visit.language = language
    visit.save(update_fields=["language"])
    return visit


def end_visit(visit: Session) -> Session:
    """The visit is over; ending it again changes nothing. The caller has asked whether it may be."""
    if visit.ended_at is None:
        visit.ended_at = max(visit.started_at, timezone.now())
        visit.save(update_fields=["ended_at"])
    return visit


def go_on(visit: Session) -> None:
    """A visit during which something is asked for has not ended after all: a page may come back from where it went."""
    if visit.ended_at is not None:
        visit.ended_at = None
        visit.save(update_fields=["ended_at"])


def log_event(session_id: object, event_type: str, *, viewer: Viewer, details: EventDetails = NO_DETAILS) -> Event:
    """Note what a client tells of its own visit. Raises NotFound, NotPermitted, InvalidInput."""
    return note(own_session(session_id, viewer), event_type, details)


def note(visit: Session, event_type: str, details: EventDetails = NO_DETAILS) -> Event:
    """Note what we did during this visit; the caller has asked whether it may be."""
    event = Event(
        session=visit,
        event_type=event_type,
        client_time=details.client_time,
        latitude=details.latitude,
        longitude=details.longitude,
        tag_ids=details.tag_ids,
        data=details.data,
    )
    cleaned(event).save()
    return event
