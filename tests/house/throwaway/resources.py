"""What the doors show of lamps."""

from backend.projects.ownership import may_edit
from backend.resources.resource import Resource, Verb
from backend.resources.viewer import Viewer
from tests.house.throwaway.models import Lamp


def _may_write_lamp(viewer: Viewer, lamp: Lamp) -> bool:
    return may_edit(viewer, lamp.project_id)


LAMP = Resource(
    model=Lamp,
    read=("id", "project", "name", "height_metres", "lit_at", "cone", "tags", "version"),
    read_own=("note",),
    write=("project", "name", "height_metres", "lit_at", "note", "cone", "tags"),
    filter=("id", "project", "name", "height_metres", "tags"),
    order=("id", "height_metres"),
    verbs=tuple(Verb),
    may_write=_may_write_lamp,
)
