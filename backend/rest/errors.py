"""What a refusal looks like: `{"detail": …}`, or the field's own name with a list; always JSON."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views import defaults
from rest_framework import status
from rest_framework.response import Response
from rest_framework.views import exception_handler as default_handler

from backend.errors import (
    DomainError,
    EngineUnavailable,
    NotAuthenticated,
    NotFound,
    NotPermitted,
)

STATUSES: dict[str, int] = {
    NotPermitted.code: status.HTTP_403_FORBIDDEN,
    NotAuthenticated.code: status.HTTP_401_UNAUTHORIZED,
    EngineUnavailable.code: status.HTTP_503_SERVICE_UNAVAILABLE,
}
# The same for what does not exist and for what the viewer may not know of.
NOT_FOUND = {"detail": "Not found."}


def exception_handler(error: Exception, context: Mapping[str, Any]) -> Response | None:
    """The answer to an error, None for a bug (see REST_FRAMEWORK in the settings)."""
    if isinstance(error, DomainError):
        return _refused(error, context["view"])
    if isinstance(error, SuspiciousOperation):
        return _unreadable(error)
    return default_handler(error, dict(context))


def _refused(error: DomainError, view: Any) -> Response:
    if isinstance(error, NotFound) and error.field not in view.sent_ids:
        return Response(NOT_FOUND, status=status.HTTP_404_NOT_FOUND)
    status_code = STATUSES.get(error.code, status.HTTP_400_BAD_REQUEST)
    headers = {"WWW-Authenticate": "Token"} if status_code == status.HTTP_401_UNAUTHORIZED else None
    field = error.field and view.old_names.get(error.field, error.field)
    return Response({field: [error.message]} if field else {"detail": error.message}, status_code, headers=headers)


def _unreadable(error: SuspiciousOperation) -> Response:
    too_big = isinstance(error, RequestDataTooBig)
    return Response({"detail": str(error)}, status=413 if too_big else status.HTTP_400_BAD_REQUEST)


def no_such_endpoint(request: HttpRequest) -> JsonResponse:
    """The answer to an address that nothing stands at."""
    return JsonResponse(NOT_FOUND, status=status.HTTP_404_NOT_FOUND)


def server_error(request: HttpRequest) -> HttpResponse:
    """The site's `handler500`: JSON for this door, Django's page for people."""
    if request.path.startswith("/api/"):
        return JsonResponse({"detail": "Server error."}, status=status.HTTP_500_INTERNAL_SERVER_ERROR)
    return defaults.server_error(request)
