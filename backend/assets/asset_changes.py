"""What becomes of an asset is told to its project, by whatever door it came."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Model, QuerySet
from django.db.models.functions import Coalesce
from django.db.models.signals import m2m_changed, post_delete, post_save, pre_delete, pre_save

from backend.assets.models import Asset
from backend.assets.signals import asset_left_project
from backend.bus.events import AssetAdded, AssetChanged, AssetRemoved
from backend.ids import AssetId, ProjectId, SessionId, UserId
from backend.journal.actions import record_all, recorded_here
from backend.tagging.models import Tag
from backend.visits.models import Session

# Where an instance carries what it was, from just before it is saved until just after.
_BEFORE = "_before_this_change"
LINKS: tuple[type[Model], ...] = (Asset.tags.through, Asset.description_texts.through, Asset.alt_texts.through)


@dataclass(frozen=True, slots=True)
class _Standing:
    """What decides who is told of an asset; `user_id` is whose it is, by itself or by its visit."""

    project_id: int | None
    submitted: bool
    session_id: int | None
    user_id: int | None


def connect() -> None:
    """Listen to Django's signals from now on; asked once, when the rooms are ready."""
    pre_save.connect(_before_save, sender=Asset, dispatch_uid="asset_changes")
    post_save.connect(_on_saved, sender=Asset, dispatch_uid="asset_changes")
    post_delete.connect(_on_deleted, sender=Asset, dispatch_uid="asset_changes")
    pre_delete.connect(_before_tag_goes, sender=Tag, dispatch_uid="asset_changes")
    for links in LINKS:
        m2m_changed.connect(_on_links, sender=links, dispatch_uid="asset_changes")


def tell_changed(asset: Asset, *, was_public: bool) -> None:
    """An asset of a project is another now; once a transaction, unless it is shown or hidden once more."""
    record_all(_untold(_changed(asset, was_public=was_public)))


def _before_save(instance: Asset, **_: Any) -> None:
    if not instance._state.adding:
        stored = Asset.objects.filter(pk=instance.pk).annotate(by=Coalesce("user", "session__user"))
        row = stored.values_list("project", "submitted", "session", "by").first()
        vars(instance)[_BEFORE] = None if row is None else _Standing(*row)


def _on_saved(instance: Asset, **_: Any) -> None:
    before: _Standing | None = vars(instance).pop(_BEFORE, None)
    if before is not None and before.project_id == instance.project_id:
        tell_changed(instance, was_public=before.submitted)
        return
    record_all([*_removed(instance.pk, before), *_added(instance)])
    if before is not None and before.project_id is not None:
        asset_left_project.send(Asset, project_id=ProjectId(before.project_id))


def _on_deleted(instance: Asset, **_: Any) -> None:
    standing = _Standing(instance.project_id, instance.submitted, instance.session_id, _whose(instance))
    record_all(_removed(instance.pk, standing))


def _whose(asset: Asset) -> int | None:
    if asset.user_id is not None or asset.session_id is None:
        return asset.user_id
    return Session.objects.filter(pk=asset.session_id).values_list("user", flat=True).first()


def _on_links(instance: Model, action: str, **more: Any) -> None:
    if isinstance(instance, Asset):
        if action.startswith("post_"):
            tell_changed(instance, was_public=instance.submitted)
    elif action in ("post_add", "post_remove"):
        _tell_all(Asset.objects.filter(pk__in=more["pk_set"] or ()))
    elif action == "pre_clear":
        # Afterwards nobody knows which they were. Of the three links only that with tags has another side.
        _tell_all(Asset.objects.filter(tags=instance.pk))


def _before_tag_goes(instance: Tag, origin: Model | QuerySet[Any], **_: Any) -> None:
    # With a whole project its assets go, too.
    if (origin.model if isinstance(origin, QuerySet) else type(origin)) is Tag:
        _tell_all(Asset.objects.filter(tags=instance.pk))


def _tell_all(assets: QuerySet[Asset]) -> None:
    changes = [change for asset in assets.order_by("pk") for change in _changed(asset, was_public=asset.submitted)]
    record_all(_untold(changes))


def _changed(asset: Asset, *, was_public: bool) -> list[AssetChanged]:
    """Nobody is told of one without a project."""
    if asset.project_id is None:
        return []
    return [AssetChanged(ProjectId(asset.project_id), AssetId(asset.pk), was_public, asset.submitted)]


def _added(asset: Asset) -> Iterable[AssetAdded]:
    if asset.project_id is not None:
        session_id = None if asset.session_id is None else SessionId(asset.session_id)
        yield AssetAdded(ProjectId(asset.project_id), AssetId(asset.pk), session_id)


def _removed(asset_id: int, was: _Standing | None) -> Iterable[AssetRemoved]:
    if was is not None and was.project_id is not None:
        yield AssetRemoved(
            ProjectId(was.project_id),
            AssetId(asset_id),
            None if was.session_id is None else SessionId(was.session_id),
            None if was.user_id is None else UserId(was.user_id),
            was.submitted,
        )


def _untold(changes: Iterable[AssetChanged]) -> list[AssetChanged]:
    """Those that this transaction has not told already: the asset was added or removed in it, or is as public still."""
    told: dict[AssetId, AssetAdded | AssetChanged | AssetRemoved] = {}
    for event in recorded_here():
        if isinstance(event, AssetAdded | AssetChanged | AssetRemoved):
            told.setdefault(event.asset_id, event)
    return [change for change in changes if not _is_in(told.get(change.asset_id), change)]


def _is_in(told: AssetAdded | AssetChanged | AssetRemoved | None, change: AssetChanged) -> bool:
    return told is not None and not (isinstance(told, AssetChanged) and told.is_public != change.is_public)
