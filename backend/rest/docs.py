"""The API document at /docs/."""

from typing import Any

from drf_spectacular.views import SpectacularJSONAPIView, SpectacularSwaggerSplitView

# Swagger's own style sheet draws with data; its page and its dialogs have styles of their own.
POLICY = "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'none'"


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
