"""Visits, for a viewer."""

from backend.errors import NotPermitted
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
