"""What every view of this door has: formats, the viewer, parameters; and the lists and rows that are derived."""

from collections.abc import Mapping
from typing import Any, ClassVar, cast

from django.db.models import QuerySet
from rest_framework.parsers import FormParser, MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from backend.errors import NotFound
from backend.projects.models import Project
from backend.projects.texts import reading_order
from backend.resources.viewer import Viewer
from backend.rest.filters import filtered
from backend.rest.formats import FastJSONRenderer, StrictJSONParser
from backend.rest.parameters import Parameters
from backend.rest.representation import IN_ENGLISH, Languages, Record, Representation, present
from backend.visits.queries import session


class Door(APIView):
    """A view of this door.

    `old_names` are the names that clients know an error's field by. `sent_ids` are ids in a body: an unknown one is a
    mistake in the body (400), where an unknown id of the address is a 404.
    """

    parser_classes = (StrictJSONParser, FormParser, MultiPartParser)
    renderer_classes = (FastJSONRenderer,)
    old_names: ClassVar[Mapping[str, str]] = {}
    sent_ids: ClassVar[frozenset[str]] = frozenset()

    def get_permissions(self) -> list[Any]:
        """Browsers ask for the options without a token."""
        return [] if self.request.method == "OPTIONS" else [*super().get_permissions()]

    @property
    def viewer(self) -> Viewer:
        """Who calls."""
        return cast(Viewer, self.request.user)

    @property
    def query(self) -> Parameters:
        """The query string."""
        return Parameters(self.request.query_params)

    @property
    def body(self) -> Parameters:
        """What was sent, in any of the formats."""
        return Parameters(cast(Mapping[str, Any], self.request.data))


class Derived(Door):
    """A view of one resource; each address names its own."""

    shown: Representation = cast(Representation, None)

    def read_in(self) -> Languages:
        """The languages of its texts, best first."""
        return languages(self.query, self.viewer, self.project()) if self.shown.texts else IN_ENGLISH

    def project(self) -> Project | None:
        """The project that the address names, if it names one."""
        return None


class Collection(Derived):
    """All rows of a resource that the viewer may see and asks for."""

    def rows(self) -> QuerySet[Any]:
        """These rows."""
        return filtered(self.shown, self.shown.resource.rows(self.viewer), self.query, self.viewer)

    def get(self, request: Request, **ids: str) -> Response:
        """A bare array."""
        return Response(present(self.shown, self.rows(), self.viewer, self.read_in()))


class Item(Derived):
    """One row of a resource."""

    def get(self, request: Request, pk: str) -> Response:
        """The row, or 404."""
        return Response(one(self.shown, pk, self.viewer, self.read_in()))


def one(shown: Representation, pk: object, viewer: Viewer, read_in: Languages = IN_ENGLISH) -> Record:
    """The row with this id. Raises NotFound."""
    records = present(shown, shown.resource.rows(viewer).filter(pk=pk), viewer, read_in)
    if not records:
        raise NotFound("Not found.")
    return records[0]


def languages(query: Parameters, viewer: Viewer, project: Project | None = None) -> Languages:
    """The languages to answer in, best first: those of the session that the query names. Raises NotFound."""
    session_id = query.id("session_id")
    if session_id is None:
        return reading_order(project, None)
    visit = session(session_id, viewer)
    return reading_order(visit.project or project, visit.language_id)
