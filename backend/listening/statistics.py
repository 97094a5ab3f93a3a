"""How much was heard in a project, put together by one thing: a statement each."""

from dataclasses import dataclass

from django.db.models import Count, F, Sum, TextChoices
from django.db.models.functions import Coalesce, Substr

from backend.assets.groupings import AssetGroupBy, Group, Grouping, grouping, labelled
from backend.assets.resources import ASSET
from backend.geo.geohash import Grid
from backend.listening.resources import LISTEN_EVENT
from backend.projects.queries import project, project_rows
from backend.resources.viewer import Viewer

LABEL_LETTERS = 80


class ListenEventGroupBy(TextChoices):
    """What was heard can be counted by."""

    TAG = "tag"
    DAY = "day"
    LANGUAGE = "language"
    MEDIA_TYPE = "media_type"
    GEOHASH = "geohash"
    ASSET = "asset"


@dataclass(frozen=True, slots=True)
class ListenCount:
    """What was heard of one group, and in how many visits."""

    group: Group
    count: int
    total_seconds: float
    listeners: int


def listen_counts(
    project_id: object, viewer: Viewer, *, by: ListenEventGroupBy, grid: Grid, most: int
) -> list[ListenCount]:
    """Of the visits and assets that the viewer may see, the largest groups first. Raises NotFound for the project.

    Tags, language, media type and cell are those of the asset that was heard; the day is when it began.
    """
    groups = _grouping(by, grid)
    rows = (
        LISTEN_EVENT.rows(viewer)
        .filter(session__project__in=project_rows(project_id, viewer), asset__in=ASSET.rows(viewer).values("pk"))
        .order_by()
        .values(**groups.columns)
        .annotate(
            count=Count("pk"),
            seconds=Coalesce(Sum("duration_seconds"), 0.0),
            listeners=Count("session", distinct=True),
        )
        .order_by(*groups.order)[:most]
    )
    found = [ListenCount(groups.group(row), row["count"], row["seconds"], row["listeners"]) for row in rows]
    if not found:
        # As for assets: nothing heard and no such project are told apart only when there is nothing.
        project(project_id, viewer)
    return found


def _grouping(by: ListenEventGroupBy, grid: Grid) -> Grouping:
    if by is ListenEventGroupBy.ASSET:
        return Grouping({"key": F("asset"), "label": Substr("asset__description", 1, LABEL_LETTERS)}, labelled)
    return grouping(AssetGroupBy(by.value), grid=grid, asset="asset__", moment="started_at")
