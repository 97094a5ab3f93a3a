"""What every view of this door has, and the lists and rows that are derived from declarations."""

from functools import cached_property
from typing import Any, TypeVar, cast

from django.db.models import Model, QuerySet
from rest_framework.parsers import FormParser, MultiPartParser
from rest_framework.renderers import BrowsableAPIRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from backend.catalogue import writer
from backend.errors import InvalidInput, NotFound
from backend.projects.models import Project
from backend.projects.texts import reading_order
from backend.resources.reads import Record
from backend.resources.resource import Verb
from backend.resources.viewer import Caller
from backend.rest.derive.bodies import body_of
from backend.rest.derive.fields import Body, IdField, IdsField
from backend.rest.derive.filters import filtered
from backend.rest.derive.formats import FastJSONRenderer, StrictJSONParser
from backend.rest.derive.openapi import Described
from backend.rest.derive.parameters import Parameters
from backend.rest.derive.representation import Reading, Representation, present
from backend.rest.profile import API_2, Profile
from backend.visits.queries import session, zone_of

View = TypeVar("View", bound="Derived")


class Door(APIView):
    """A view of this door, with what it is sent and whom it answers."""

    parser_classes = (StrictJSONParser, FormParser, MultiPartParser)
    renderer_classes = (FastJSONRenderer, BrowsableAPIRenderer)
    schema = Described()
    profile: Profile = API_2
    body_class: type[Body] = Body
    # How many rows of `shown` it answers, for the API document: one or many.
    answers: str | None = None

    def get_permissions(self) -> list[Any]:
        """Browsers ask for the options without a token."""
        return [] if self.request.method == "OPTIONS" else [*super().get_permissions()]

    @cached_property
    def viewer(self) -> Caller:
        """Who calls."""
        return Caller.of(cast(Any, self.request.user))

    @cached_property
    def query(self) -> Parameters:
        """The query string."""
        return Parameters(self.request.query_params, zone=self.zone)

    def get_serializer(self, *given: Any, **options: Any) -> Body:
        """What a body of this view holds."""
        return self.body_class(*given, context={"zone": self.zone}, **options)

    def said(self, *, partial: bool = False) -> dict[str, Any]:
        """What was sent, in any of the formats, by the names of the domain. Raises ValidationError."""
        body = self.get_serializer(data=self.request.data, partial=partial)
        body.is_valid(raise_exception=True)
        return dict(body.validated_data)

    def zone(self) -> Any:
        """Of times that are sent without one: that of the session which the request names, or of the last one."""
        sent: tuple[Any, ...] = (self.request.query_params, self.request.data)
        named = [values.get(name) for values in sent for name in ("session_id", "session")]
        return zone_of(self.viewer, next((value for value in named if value), None))

    def session_id(self) -> int:
        """That of the session which the query must name. Raises InvalidInput."""
        session_id = self.query.id("session_id")
        if session_id is None:
            raise InvalidInput("session_id parameter is required")
        return session_id

    def reading(self, project: Project | None = None) -> Reading:
        """How texts are read: in the language of the session that the query names. Raises NotFound."""
        session_id = self.query.id("session_id")
        visit = None if session_id is None else session(session_id, self.viewer)
        of, language_id = (project, None) if visit is None else (visit.project or project, visit.language_id)
        return Reading(
            viewer=self.viewer,
            languages=reading_order(of, language_id),
            strict=self.query.flag("strict_language") or False,
            admin="admin" in self.query,
            profile=self.profile,
        )

    def sent_name(self, field: str) -> tuple[str, bool]:
        """What clients call an input of the domain, and whether it is an id that they sent."""
        for name, sent in self.body_class().fields.items():
            if field in (sent.source, name):
                return name, isinstance(sent, IdField | IdsField)
        return field, False


class Derived(Door):
    """A view of one resource; each address names its own."""

    shown: Representation = cast(Representation, None)

    def project(self) -> Project | None:
        """The project that the address names, if it names one."""
        return None

    def shown_as(self) -> Reading:
        """How its rows are read; only texts ask for the session."""
        if self.shown.texts:
            return self.reading(self.project())
        return Reading(viewer=self.viewer, admin="admin" in self.query, profile=self.profile)

    def one(self, key: object) -> Record:
        """The row with this id. Raises NotFound."""
        records = present(self.shown, self.shown.resource.rows(self.viewer).filter(pk=key), self.shown_as())
        if not records:
            raise NotFound("Not found.")
        return records[0]


class Collection(Derived):
    """All rows of a resource that the viewer may see and asks for."""

    answers: str | None = "many"

    def rows(self) -> QuerySet[Any]:
        """These rows."""
        return filtered(self.shown, self.shown.resource.rows(self.viewer), self.query, self.viewer)

    def get(self, request: Request, **ids: str) -> Response:
        """A bare array, or a page."""
        rows = self.rows()
        if not self.query.flag("paginate"):
            wrapper = self.shown.wrapper if self.query.flag("wrap") else None
            return Response(self.profile.wrapped(present(self.shown, rows, self.shown_as()), wrapper))
        pages = self.profile.pages()
        keys = pages.paginate_queryset(rows.values_list("pk", flat=True), request, view=self)
        return pages.get_paginated_response(present(self.shown, rows.filter(pk__in=keys), self.shown_as()))

    def post(self, request: Request, **ids: str) -> Response:
        """A new row."""
        return Response(self.one(self.create().pk))

    def create(self) -> Model:
        """Makes it."""
        row: Model = writer.create(self.shown.resource, self.said(), viewer=self.viewer)
        return row


class ReadOnly(Collection):
    """A list that is only read."""

    http_method_names = ["get", "head", "options"]


class Count(ReadOnly):
    """How many rows a list has."""

    answers = None

    def get(self, request: Request, **ids: str) -> Response:
        """Their number."""
        return Response({"count": self.rows().count()})


class Item(Derived):
    """One row of a resource."""

    answers = "one"

    def get(self, request: Request, pk: str) -> Response:
        """The row, or 404."""
        return Response(self.one(pk))

    def patch(self, request: Request, pk: str) -> Response:
        """What is sent changes; all else stays."""
        self.change(pk)
        return Response(self.one(pk))

    def change(self, pk: str) -> None:
        """Changes it."""
        writer.update(self.shown.resource, pk, self.said(partial=True), viewer=self.viewer)

    def delete(self, request: Request, pk: str) -> Response:
        """The row goes."""
        writer.delete(self.shown.resource, [pk], viewer=self.viewer, field="id")
        return Response(status=204)


def collection(shown: Representation, base: type[Collection] = Collection) -> type[Collection]:
    """The list of a resource, with what its declaration and its own view allow."""
    has_own = base.post is not Collection.post or base.create is not Collection.create
    makes = not issubclass(base, ReadOnly) and (has_own or Verb.CREATE in shown.resource.verbs)
    return _derived(base, shown, {"get": True, "post": makes})


def item(shown: Representation, base: type[Item] = Item) -> type[Item]:
    """A row of a resource, with what its declaration and its own view allow."""
    verbs = shown.resource.verbs
    changes = base.patch is not Item.patch or base.change is not Item.change or Verb.UPDATE in verbs
    return _derived(base, shown, {"get": True, "patch": changes, "delete": Verb.DELETE in verbs})


def _derived(base: type[View], shown: Representation, methods: dict[str, bool]) -> type[View]:
    """A class an address, for that is what Django REST framework asks for its methods and its name."""
    names = [name for name, is_allowed in methods.items() if is_allowed]
    attributes = {
        "shown": shown,
        "body_class": base.body_class if base.body_class is not Body else body_of(shown),
        "http_method_names": [*names, "head", "options"],
        "__doc__": base.__doc__,
    }
    return type(f"{shown.resource.model.__name__}{base.__name__}", (base,), attributes)
