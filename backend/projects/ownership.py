"""Whose project it is."""

from typing import Any

from django.db.models import QuerySet

from backend.projects.models import Project
from backend.resources.viewer import Viewer, once


def owned_projects(viewer: Viewer) -> QuerySet[Any, Any]:
    """The ids of the viewer's projects, as a subquery for `project__in`."""
    owners = Project.owners.through.objects
    mine = owners.none() if viewer.id is None else owners.filter(user_id=viewer.id)
    return mine.values("project_id")


def owned_project_ids(viewer: Viewer) -> frozenset[int]:
    """The ids of the viewer's projects."""
    return once(
        viewer, owned_project_ids, lambda: frozenset(owned_projects(viewer).values_list("project_id", flat=True))
    )


def may_edit(viewer: Viewer, project_id: int | None) -> bool:
    """Staff may edit every project (and what belongs to none), owners their own."""
    return viewer.is_staff or (project_id is not None and project_id in owned_project_ids(viewer))
