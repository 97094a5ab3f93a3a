"""Visits, for a viewer."""

from backend.errors import NotFound, NotPermitted
from backend.ids import LanguageId
from backend.resources.viewer import Viewer
from backend.visits.models import Session
from backend.visits.ownership import is_own_visit
from backend.visits.resources import SESSION


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
