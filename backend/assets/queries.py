"""Assets, for a viewer."""

from django.db.models import Q, QuerySet

from backend.assets.models import Asset
from backend.assets.resources import ASSET
from backend.projects.queries import project
from backend.resources.viewer import Viewer


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
