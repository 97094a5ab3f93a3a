"""Visits, for a viewer."""

from collections.abc import Iterable
from datetime import UTC, datetime, tzinfo

from django.db.models import QuerySet

from backend.errors import NotFound, NotPermitted
from backend.geo.regions import Box, meets
from backend.ids import LanguageId
from backend.resources.lookup_values import listed
from backend.resources.viewer import Viewer, once
from backend.visits.models import Event, Session
from backend.visits.ownership import is_own_visit
from backend.visits.resources import SESSION

# What clients wrote is kept as they wrote it, and a point as numbers: their last digits may differ.
SLIVER_DEGREES = 1e-9


def session(session_id: object, viewer: Viewer) -> Session:
    """Raises NotFound."""
    return SESSION.find(session_id, viewer, field="session_id")


def own_session(session_id: object, viewer: Viewer) -> Session:
    """A visit that the viewer may act within. Raises NotFound, and NotPermitted to an owner of its project."""
    visit = session(session_id, viewer)
    if not is_own_visit(viewer, visit):
        raise NotPermitted("This is somebody else's visit.", field="session_id")
    return visit


def language_of_visit(session_id: object, viewer: Viewer) -> LanguageId | None:
    """The language of the viewer's own visit (staff: any), if it has one. Raises NotFound, also for others' visits."""
    visit = session(session_id, viewer)
    if not is_own_visit(viewer, visit):
        raise NotFound("Session not found.", field="session_id")
    return None if visit.language_id is None else LanguageId(visit.language_id)


def events_about(rows: QuerySet[Event], tag_ids: Iterable[int]) -> QuerySet[Event]:
    """Those whose text names every one of these tags, however a client wrote it: "3,8", "[3, 8]", "1,2,".

    8 is neither in "18" nor in "0.8". Raises InvalidInput for more tags than a filter takes.
    """
    for tag_id in listed(list(tag_ids), "tag_ids"):
        # No client's pattern: the id is a whole number. Both databases read these signs alike.
        rows = rows.filter(tag_ids__regex=rf"(^|[^0-9A-Za-z_.-]){int(tag_id)}([^0-9A-Za-z_.-]|$)")
    return rows


def events_at(
    rows: QuerySet[Event], *, latitude: float | None = None, longitude: float | None = None
) -> QuerySet[Event]:
    """Those exactly there (but for a tenth of a millimetre), in degrees; None narrows nothing."""
    if latitude is None and longitude is None:
        return rows
    south, north = (-90.0, 90.0) if latitude is None else (latitude - SLIVER_DEGREES, latitude + SLIVER_DEGREES)
    west, east = (-180.0, 180.0) if longitude is None else (longitude - SLIVER_DEGREES, longitude + SLIVER_DEGREES)
    return rows.filter(meets("position", Box(west, south, east, north)))


def zone_of(viewer: Viewer, session_id: object = None) -> tzinfo:
    """What this visit's clock is ahead of UTC; that of the viewer's latest visit, where this one is not to be seen.

    Never raises: without any visit, and where the visit's text is no offset (-8000), it is UTC.
    """
    return once(viewer, (zone_of, str(session_id)), lambda: _zone(_visit_or_latest(viewer, session_id)))


def _visit_or_latest(viewer: Viewer, session_id: object) -> Session | None:
    try:
        return session(session_id, viewer)
    except NotFound:
        own = Session.objects.filter(user=viewer.id) if viewer.id is not None else Session.objects.none()
        return own.order_by("-started_at", "-pk").first()


def _zone(visit: Session | None) -> tzinfo:
    written = visit.timezone if visit else ""
    try:
        return datetime.strptime(written if written.startswith(("+", "-")) else f"+{written}", "%z").tzinfo or UTC
    except ValueError:
        return UTC
