"""Whose visit it is, and who may see what happened during it: the visitor, the project's owners, staff."""

from collections.abc import Callable
from typing import TypeVar

from django.db.models import Model, Q, QuerySet

from backend.projects.ownership import may_edit, owned_projects
from backend.resources.viewer import Viewer
from backend.visits.models import Session

Row = TypeVar("Row", bound=Model)


def of_visits_seen(path: str) -> Callable[[QuerySet[Row], Viewer], QuerySet[Row]]:
    """A `visible_to` for rows of a session; `path` leads to it, as in `session__`, and is empty for the session."""

    def visible_to(rows: QuerySet[Row], viewer: Viewer) -> QuerySet[Row]:
        if viewer.is_staff:
            return rows
        if viewer.id is None:
            return rows.none()
        own = Q(**{f"{path}user": viewer.id})
        return rows.filter(own | Q(**{f"{path}project__in": owned_projects(viewer)}))

    return visible_to


def is_own_visit(viewer: Viewer, session: Session) -> bool:
    """Whether the viewer may act within this session: it is theirs, or they are staff."""
    return viewer.is_staff or (viewer.id is not None and session.user_id == viewer.id)


def may_write_within(viewer: Viewer, session: Session) -> bool:
    """Whether the viewer may change what was left during this visit: it is theirs, or they may edit its project."""
    return is_own_visit(viewer, session) or may_edit(viewer, session.project_id)
