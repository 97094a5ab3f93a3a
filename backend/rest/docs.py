"""Where to begin: the lists that there are, and the API document at /docs/."""

from collections.abc import Iterable
from typing import Any

from drf_spectacular.views import SpectacularJSONAPIView, SpectacularSwaggerSplitView
from rest_framework.request import Request
from rest_framework.response import Response

from backend.rest.derive.views import Door

# Swagger's own style sheet draws with data; its page and its dialogs have styles of their own.
POLICY = "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'none'"


class Root(Door):
    """All lists, by their addresses."""

    permission_classes = ()
    names: Iterable[str] = ()

    def get(self, request: Request) -> Response:
        """For people, and for clients that find their way."""
        return Response({name: request.build_absolute_uri(f"{name}/") for name in sorted(self.names)})


class Document(SpectacularJSONAPIView):
    """The document, for programs."""

    authentication_classes = ()
    throttle_classes = ()


class Docs(SpectacularSwaggerSplitView):
    """The document, for people; all of the page is served from here."""

    authentication_classes = ()
    throttle_classes = ()

    def finalize_response(self, *given: Any, **more: Any) -> Any:
        """Called by Django REST framework."""
        response = super().finalize_response(*given, **more)
        response["Content-Security-Policy"] = POLICY
        return response
