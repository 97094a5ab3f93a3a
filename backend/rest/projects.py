"""A project, as somebody's session reads it, and what belongs to it."""

from collections.abc import Callable
from typing import Any

from django.db.models import QuerySet
from rest_framework.request import Request
from rest_framework.response import Response

from backend.errors import InvalidInput
from backend.projects.queries import project
from backend.resources.viewer import Viewer
from backend.rest.filters import filtered
from backend.rest.representation import Languages
from backend.rest.views import Collection, Derived, languages, one
from backend.tagging.queries import tags

Noun = Callable[[object, Viewer], QuerySet[Any]]


class ProjectItem(Derived):
    """One project, in the language of the session."""

    def get(self, request: Request, pk: str) -> Response:
        """The project. Its session is required, as it was."""
        if self.query.id("session_id") is None:
            raise InvalidInput("session_id parameter is required")
        read_in = languages(self.query, self.viewer, project(pk, self.viewer))
        return Response(one(self.shown, pk, self.viewer, read_in))


class OfProject(Collection):
    """The rows of one project; each address names its own noun."""

    noun: Noun = staticmethod(tags)

    def rows(self) -> QuerySet[Any]:
        """Of those, what the query asks for."""
        return filtered(self.shown, self.noun(self.kwargs["pk"], self.viewer), self.query)

    def read_in(self) -> Languages:
        """The languages of the session, else of the project."""
        return languages(self.query, self.viewer, project(self.kwargs["pk"], self.viewer))
