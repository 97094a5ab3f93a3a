"""Whatever may sound, or where: an edit of it tells the engine to read its project again."""

from collections.abc import Callable, Iterable
from typing import Any

from django.db.models import Model
from django.db.models.signals import m2m_changed, post_delete, post_save

from backend.assets.models import Asset, TimedAsset, Vote, VoteType
from backend.assets.signals import asset_left_project
from backend.bus.events import SoundscapeChanged
from backend.ids import ProjectId
from backend.journal.actions import record_once
from backend.projects.models import Ordering, Project
from backend.soundscape.models import Audiotrack, Speaker
from backend.tagging.models import Tag, UIGroup, UIItem


def _own(row: Any) -> Iterable[int | None]:
    return [row.project_id]


def _itself(row: Project) -> Iterable[int | None]:
    return [row.pk]


def _of_its_group(row: UIItem) -> Iterable[int | None]:
    # By a query: when the group is deleted with its items it is gone already, and tells itself.
    return UIGroup.objects.filter(pk=row.group_id).values_list("project_id", flat=True)


def _where_likes_count(row: Vote) -> Iterable[int | None]:
    # Only where the most liked play first does a vote change what all hear.
    if row.vote_type != VoteType.LIKE:
        return ()
    return Project.objects.filter(assets=row.asset_id, ordering=Ordering.BY_LIKE).values_list("pk", flat=True)


PROJECTS_OF: dict[type[Model], Callable[[Any], Iterable[int | None]]] = {
    Project: _itself,
    Speaker: _own,
    Audiotrack: _own,
    Asset: _own,
    TimedAsset: _own,
    Tag: _own,
    UIGroup: _own,
    UIItem: _of_its_group,
    Vote: _where_likes_count,
}


def connect() -> None:
    """Listen to Django's signals from now on; asked once, when the rooms are ready."""
    for model in PROJECTS_OF:
        post_save.connect(_on_row, sender=model, dispatch_uid="soundscape_changes")
        post_delete.connect(_on_row, sender=model, dispatch_uid="soundscape_changes")
    for links in (Asset.tags.through, Audiotrack.tag_filters.through):
        m2m_changed.connect(_on_links, sender=links, dispatch_uid="soundscape_changes")
    asset_left_project.connect(_on_asset_left, dispatch_uid="soundscape_changes")


def _on_row(sender: type[Model], instance: Model, **_: Any) -> None:
    _announce(PROJECTS_OF[sender](instance))


def _on_links(sender: type[Model], instance: Model, action: str, model: type[Model], **more: Any) -> None:
    if not action.startswith("post_"):
        return
    rows = model._default_manager.filter(pk__in=more["pk_set"] or ()) if more["reverse"] else [instance]
    _announce([project for row in (instance, *rows) for project in PROJECTS_OF[type(row)](row)])


def _on_asset_left(project_id: ProjectId, **_: Any) -> None:
    _announce([project_id])


def _announce(project_ids: Iterable[int | None]) -> None:
    for project_id in sorted({project_id for project_id in project_ids if project_id is not None}):
        record_once(SoundscapeChanged(ProjectId(project_id)))
