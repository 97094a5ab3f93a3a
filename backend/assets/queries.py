"""Assets, for a viewer."""

from collections.abc import Collection, Iterable

from django.db.models import Q, QuerySet

from backend.accounts.queries import people_named
from backend.accounts.resources import USER
from backend.assets.media import media_url
from backend.assets.models import Asset
from backend.assets.resources import ASSET
from backend.errors import InvalidInput
from backend.ids import AssetId
from backend.projects.queries import project
from backend.resources.lookup_values import text as checked_text
from backend.resources.spelling import contains
from backend.resources.viewer import Viewer

# No random choice is larger: its keys are sent to the database.
MOST_AT_RANDOM = 10_000


def assets(project_id: object, viewer: Viewer) -> QuerySet[Asset]:
    """The assets of a project. Raises NotFound when the viewer may not see the project."""
    return ASSET.rows(viewer).filter(project=project(project_id, viewer))


def withdrawn_assets(viewer: Viewer) -> QuerySet[Asset]:
    """Those that were changed and are not, or no more, for this viewer: nothing but their ids is to be told."""
    was_changed = Q(version__gt=1) | Q(moderated_at__isnull=False)
    seen = ASSET.rows(viewer).filter(submitted=False).values("pk")
    return Asset.objects.filter(was_changed, submitted=False).exclude(pk__in=seen)


def asset(asset_id: object, viewer: Viewer) -> Asset:
    """Raises NotFound."""
    return ASSET.find(asset_id, viewer, field="asset_id")


def recording_urls(asset_ids: Collection[int], viewer: Viewer) -> dict[AssetId, str]:
    """Where the recordings among these are fetched that the viewer may see."""
    rows = ASSET.rows(viewer).filter(pk__in=asset_ids).exclude(filename="")
    return {
        AssetId(key): media_url(name, is_public=submitted)
        for key, name, submitted in rows.values_list("pk", "filename", "submitted")
    }


def random_assets(rows: QuerySet[Asset], most: int) -> QuerySet[Asset]:
    """A random choice of at most so many (and of 10,000), in the order of their ids.

    Chosen now, in one statement: whoever reads the rows twice, or what is linked with them, reads of the same ones.
    Raises InvalidInput for less than none.
    """
    if most < 0:
        raise InvalidInput("Must not be negative.", field="limit")
    chosen = list(rows.order_by("?").values_list("pk", flat=True)[: min(most, MOST_AT_RANDOM)])
    return rows.filter(pk__in=chosen).order_by("pk")


def with_text(rows: QuerySet[Asset], text: str, *, field: str = "text") -> QuerySet[Asset]:
    """Those that hold it, in capitals or not, in their description or the name of their file. Raises InvalidInput."""
    sought = checked_text(text, field)
    return rows.filter(contains("description", sought) | contains("filename", sought))


def of_people(rows: QuerySet[Asset], text: str, viewer: Viewer, *, field: str = "text") -> QuerySet[Asset]:
    """Those by people who are named so, as far as the viewer may see who they are. Raises InvalidInput."""
    return rows.filter(user__in=people_named(USER.rows(viewer), text, field=field).values("pk"))


def at_coordinate(
    rows: QuerySet[Asset], *, latitude: float | None = None, longitude: float | None = None
) -> QuerySet[Asset]:
    """Those exactly there, in degrees; None narrows nothing."""
    given = {"latitude": latitude, "longitude": longitude}
    return rows.filter(**{name: degrees for name, degrees in given.items() if degrees is not None})


def with_any_tag(rows: QuerySet[Asset], tag_ids: Iterable[int]) -> QuerySet[Asset]:
    """Those that carry at least one of these tags, each once; none of no tags."""
    tagged = Asset.tags.through.objects.filter(tag__in=list(tag_ids))
    return rows.filter(pk__in=tagged.values("asset"))
