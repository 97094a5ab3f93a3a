"""How much there is of a project's assets, put together by one thing: a statement each."""

from dataclasses import dataclass

from django.db.models import Count, Sum
from django.db.models.functions import Coalesce

from backend.assets.groupings import AssetGroupBy, Group, grouping
from backend.assets.models import VoteType
from backend.assets.resources import ASSET
from backend.assets.tallies import vote_count
from backend.geo.geohash import Grid
from backend.projects.queries import project, project_rows
from backend.resources.viewer import Viewer


@dataclass(frozen=True, slots=True)
class AssetCount:
    """The assets of one group."""

    group: Group
    count: int
    total_seconds: float
    likes: int


def asset_counts(project_id: object, viewer: Viewer, *, by: AssetGroupBy, grid: Grid, most: int) -> list[AssetCount]:
    """Of what the viewer may see, the largest groups first. Raises NotFound for the project."""
    groups = grouping(by, grid=grid)
    rows = (
        ASSET.rows(viewer)
        .filter(project__in=project_rows(project_id, viewer))
        .annotate(liked=vote_count(VoteType.LIKE))
        .order_by()
        .values(**groups.columns)
        .annotate(count=Count("pk"), seconds=Coalesce(Sum("duration_seconds"), 0.0), likes=Sum("liked"))
        .order_by(*groups.order)[:most]
    )
    found = [AssetCount(groups.group(row), row["count"], row["seconds"], row["likes"]) for row in rows]
    if not found:
        # An empty project and no such project are told apart by a statement that others need not pay for.
        project(project_id, viewer)
    return found
