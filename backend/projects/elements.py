"""The pictures of a project, as the old apps have them."""

from django.db.models import QuerySet

from backend.errors import InvalidInput
from backend.projects.models import UIElement, Variant
from backend.projects.queries import project
from backend.projects.resources import UI_ELEMENT
from backend.resources.viewer import Viewer


def elements_of(project_id: object, viewer: Viewer, *, variant: str) -> QuerySet[UIElement]:
    """Those at one density, screen by screen; their places and the texts of their labels are fetched along.

    Raises NotFound for the project, and InvalidInput for a density that is none.
    """
    if variant not in Variant.values:
        raise InvalidInput(f"Must be one of {', '.join(Variant.values)}.", field="variant")
    rows = UI_ELEMENT.rows(viewer).filter(project=project(project_id, viewer), variant=variant)
    by_place = rows.select_related("element_name").order_by("element_name__view", "element_name__name")
    return by_place.prefetch_related("label_texts")
