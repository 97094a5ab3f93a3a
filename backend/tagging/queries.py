"""Tags, for a viewer."""

from django.db.models import QuerySet

from backend.projects.queries import project
from backend.resources.viewer import Viewer
from backend.tagging.models import Tag, UIGroup
from backend.tagging.resources import TAG, UI_GROUP


def tags(project_id: object, viewer: Viewer) -> QuerySet[Tag]:
    """The tags of a project. Raises NotFound when the viewer may not see the project."""
    return TAG.rows(viewer).filter(project=project(project_id, viewer))


def ui_groups(project_id: object, viewer: Viewer) -> QuerySet[UIGroup]:
    """How a project offers its tags. Raises NotFound when the viewer may not see the project."""
    return UI_GROUP.rows(viewer).filter(project=project(project_id, viewer))
