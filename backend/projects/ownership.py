"""Whose project it is."""

from collections.abc import Iterator
from typing import Any, cast

from django.db.models import ManyToManyRel, Model, QuerySet

from backend.projects.models import LocalizedString, Project
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


def projects_that_use(text_id: int) -> frozenset[int | None]:
    """The ids of all projects with something that shows this text; None when something without a project does."""
    uses = list(_uses(text_id))
    return frozenset(uses[0].union(*uses[1:]))


def _uses(text_id: int) -> "Iterator[QuerySet[Any, int | None]]":
    """A query for every relation that leads to texts, also from the rooms above: what has texts has a `project`."""
    for relation in LocalizedString._meta.get_fields(include_hidden=True):
        if isinstance(relation, ManyToManyRel):
            owner = relation.field.m2m_field_name()
            path = owner if relation.related_model is Project else f"{owner}__project"
            links = cast(type[Model], relation.through)._default_manager.filter(
                **{relation.field.m2m_reverse_field_name(): text_id}
            )
            yield links.values_list(path, flat=True)
