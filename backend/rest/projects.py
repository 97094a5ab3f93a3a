"""A project, as somebody's session reads it, and what belongs to it."""

from collections.abc import Callable
from typing import Any

from django.db.models import QuerySet
from rest_framework.request import Request
from rest_framework.response import Response

from backend.errors import InvalidInput
from backend.projects.models import Project
from backend.projects.queries import project
from backend.resources.viewer import Viewer
from backend.rest.filters import filtered
from backend.rest.views import Collection, Item
from backend.tagging.queries import tags

Noun = Callable[[object, Viewer], QuerySet[Any]]


class ProjectItem(Item):
    """One project, in the language of the session."""

    def get(self, request: Request, pk: str) -> Response:
        """The project. Its session is required, as it was."""
        if self.query.id("session_id") is None:
            raise InvalidInput("session_id parameter is required")
        return super().get(request, pk)


class OfProject(Collection):
    """The rows of one project; each address names its own noun."""

    noun: Noun = staticmethod(tags)

    def rows(self) -> QuerySet[Any]:
        """Of those, what the query asks for."""
        return filtered(self.shown, self.noun(self.kwargs["pk"], self.viewer), self.query, self.viewer)

    def project(self) -> Project:
        """This project."""
        return project(self.kwargs["pk"], self.viewer)
