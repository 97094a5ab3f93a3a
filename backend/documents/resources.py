"""What the doors show of registered documents: all of them, to staff."""

from django.db.models import QuerySet

from backend.documents.models import Document
from backend.resources.resource import Resource
from backend.resources.viewer import Viewer


def _to_staff(rows: QuerySet[Document], viewer: Viewer) -> QuerySet[Document]:
    return rows if viewer.is_staff else rows.none()


DOCUMENT = Resource(
    model=Document,
    read=("id", "sha256", "name", "text", "registered_at"),
    filter=("id", "sha256"),
    visible_to=_to_staff,
)
