"""The API document, derived like the views: what each address takes, whom it asks for, and what it answers."""

from collections.abc import Iterator
from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter

from backend.resources.kinds import Kind, columns_along, kind_of
from backend.rest.derive.bodies import answer_of
from backend.rest.derive.fields import Body
from backend.rest.derive.filters import RANGES
from backend.rest.derive.representation import Representation

TYPES = {
    Kind.FLAG: OpenApiTypes.BOOL,
    Kind.MOMENT: OpenApiTypes.DATETIME,
    Kind.FRACTION: OpenApiTypes.NUMBER,
    Kind.WHOLE: OpenApiTypes.INT,
}
RANGED = (Kind.MOMENT, Kind.FRACTION, Kind.WHOLE)
ROW_ID = OpenApiParameter("id", OpenApiTypes.INT, OpenApiParameter.PATH, description="The number of the row.")
SESSION = OpenApiParameter("session_id", OpenApiTypes.INT, description="The visit in whose language texts are read.")
STRICT = OpenApiParameter("strict_language", OpenApiTypes.BOOL, description="Null for what has no text in it.")
ADMIN = OpenApiParameter("admin", OpenApiTypes.STR, description="Texts in all languages besides, as *_admin.")
PAGES = [
    OpenApiParameter("ordering", OpenApiTypes.STR, description="A column, with a minus sign for the other way round."),
    OpenApiParameter("paginate", OpenApiTypes.BOOL, description="A page of the list: count, next, previous, results."),
    OpenApiParameter("page", OpenApiTypes.INT),
    OpenApiParameter("page_size", OpenApiTypes.INT),
]


class TokenScheme(OpenApiAuthenticationExtension):
    """How a token is shown."""

    target_class = "backend.rest.authentication.TokenAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        """Called by drf-spectacular."""
        told = "`Token` and the 40 digits that POST users/ or POST login/ answer."
        return {"type": "apiKey", "in": "header", "name": "Authorization", "description": told}


class Described(AutoSchema):
    """One address and method, as drf-spectacular asks for it."""

    view: Any

    def get_operation_id(self) -> str:
        """Its method and address."""
        words = self.path.removeprefix("/api/2/").replace("{id}", "one").strip("/").split("/")
        return "_".join([self.method.lower(), *filter(None, words)])

    def get_tags(self) -> list[str]:
        """The resource that it belongs to."""
        return [self.path.removeprefix("/api/2/").split("/")[0] or "all lists"]

    def get_request_serializer(self) -> Any:
        """What is sent."""
        takes = self.method in ("POST", "PATCH") and self.view.body_class is not Body
        return self.view.body_class if takes else None

    def get_response_serializers(self) -> Any:
        """What is answered."""
        if self.method == "DELETE":
            return {204: None}
        if self.view.answers is None:
            return {200: OpenApiTypes.OBJECT}
        return {200: answer_of(self.view.shown)(many=self.method == "GET" and self.view.answers == "many")}

    def get_override_parameters(self) -> list[Any]:
        """What the address and its query string hold."""
        given = [ROW_ID] if "{id}" in self.path else []
        shown = getattr(self.view, "shown", None)
        if self.method != "GET" or shown is None:
            return given
        reads = [SESSION, STRICT, *([ADMIN] if shown.admin else [])] if shown.texts else []
        seeks = [*_filters(shown), *PAGES] if self.view.answers == "many" else []
        named = {parameter.name: parameter for parameter in (*given, *reads, *seeks)}
        return list(named.values())


def _filters(shown: Representation) -> Iterator[OpenApiParameter]:
    for path in shown.resource.filter:
        kind = kind_of(columns_along(shown.resource.model, path)[-1])
        for ending in RANGES if kind in RANGED else ("",):
            for name in shown.names(path)[:1] if kind is not Kind.PLACE else ():
                yield OpenApiParameter(name + ending, TYPES.get(kind, OpenApiTypes.STR))
    yield from (OpenApiParameter(name, OpenApiTypes.STR) for name in shown.sought)
