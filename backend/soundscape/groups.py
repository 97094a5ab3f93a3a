"""Projects that are offered together: those that sound where somebody is."""

from django.db.models import Q, QuerySet

from backend.errors import InvalidInput
from backend.geo.position import Position
from backend.geo.regions import holds
from backend.projects.models import Project
from backend.projects.resources import PROJECT, PROJECT_GROUP
from backend.resources.viewer import Viewer
from backend.soundscape.resources import SPEAKER


def projects_heard_at(group_id: object, viewer: Viewer, position: Position) -> QuerySet[Project]:
    """Those of the group that do not listen by place, and those with an active speaker whose shape holds the place.

    Raises NotFound for the group, and InvalidInput for one that is not active.
    """
    group = PROJECT_GROUP.find(group_id, viewer, field="group_id")
    if not group.is_active:
        raise InvalidInput("Project Group inactive; please try another one.")
    here = SPEAKER.rows(viewer).filter(holds("shape", position), is_active=True)
    sounding = Q(geo_listen_enabled=False) | Q(pk__in=here.values("project"))
    return PROJECT.rows(viewer).filter(sounding, groups=group)
