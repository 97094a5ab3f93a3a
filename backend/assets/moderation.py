"""Editors decide whether others may hear what people left."""

from collections.abc import Iterable

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from backend.assets.models import Asset
from backend.assets.resources import ASSET
from backend.bus.events import AssetChanged, SoundscapeChanged
from backend.errors import InvalidInput, NotPermitted
from backend.ids import AssetId, ProjectId
from backend.journal.actions import record_all
from backend.projects.ownership import may_edit
from backend.resources.values import bounded
from backend.resources.viewer import Viewer, signed_in

MOST_LETTERS = 1_000


@transaction.atomic
def moderate_assets(
    asset_ids: Iterable[object], *, viewer: Viewer, submitted: bool, reason: str = ""
) -> tuple[AssetId, ...]:
    """From now on others may hear all of these assets, or none of them; gives their ids, each once.

    For owners of every project concerned, and staff: a contributor withdraws an own asset by updating it.
    Raises NotAuthenticated, NotFound, NotPermitted, and InvalidInput for more than 500 at once.
    """
    editor, reason, now = signed_in(viewer), _checked(reason), timezone.now()
    rows = ASSET.among(ASSET.rows(viewer).select_for_update(), bounded(asset_ids, field="ids"), field="ids")
    project_ids = {row.project_id for row in rows}
    if not all(may_edit(viewer, project_id) for project_id in project_ids):
        raise NotPermitted("Only an owner of the project may decide this.", field="ids")
    chosen = Asset.objects.filter(pk__in=[row.pk for row in rows])
    # In one statement, and so without a signal a row.
    chosen.update(
        submitted=submitted,
        moderated_at=now,
        moderated_by=editor,
        moderation_reason=reason,
        updated_at=now,
        version=F("version") + 1,
    )
    record_all([*_changes(rows, submitted), *(SoundscapeChanged(ProjectId(each)) for each in project_ids if each)])
    return tuple(dict.fromkeys(AssetId(row.pk) for row in rows))


def _changes(rows: Iterable[Asset], is_public: bool) -> Iterable[AssetChanged]:
    """Of assets as they were; each once, however often it was named."""
    for key, row in {row.pk: row for row in rows}.items():
        if row.project_id is not None:
            yield AssetChanged(ProjectId(row.project_id), AssetId(key), row.submitted, is_public)


def _checked(reason: str) -> str:
    if len(reason) > MOST_LETTERS:
        raise InvalidInput(f"A reason has at most {MOST_LETTERS} letters.", field="reason")
    if "\x00" in reason:
        raise InvalidInput("Null characters are not allowed.", field="reason")
    return reason
