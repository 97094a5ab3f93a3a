"""Assets, for a viewer."""

from django.db.models import QuerySet

from backend.assets.models import Asset
from backend.assets.resources import ASSET
from backend.projects.queries import project
from backend.resources.viewer import Viewer


def assets(project_id: object, viewer: Viewer) -> QuerySet[Asset]:
    """The assets of a project. Raises NotFound when the viewer may not see the project."""
    return ASSET.rows(viewer).filter(project=project(project_id, viewer))


def asset(asset_id: object, viewer: Viewer) -> Asset:
    """Raises NotFound."""
    return ASSET.find(asset_id, viewer, field="asset_id")
