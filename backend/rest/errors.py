"""What a refusal looks like: `{"detail": …}`, or the field's own name with a list; always JSON."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views import defaults
from rest_framework import status
from rest_framework.response import Response
from rest_framework.views import exception_handler as default_handler

from backend.accounts.throttle import LoginThrottled
from backend.assets.storage import StorageFull, UploadInProgress
from backend.errors import Conflict, DomainError, EngineUnavailable, NotAuthenticated, NotFound, NotPermitted
from backend.rest.profile import API_2

STATUSES: dict[str, int] = {
    NotPermitted.code: status.HTTP_403_FORBIDDEN,
    NotAuthenticated.code: status.HTTP_401_UNAUTHORIZED,
    Conflict.code: status.HTTP_409_CONFLICT,
    UploadInProgress.code: status.HTTP_409_CONFLICT,
    LoginThrottled.code: status.HTTP_429_TOO_MANY_REQUESTS,
    EngineUnavailable.code: status.HTTP_503_SERVICE_UNAVAILABLE,
    StorageFull.code: status.HTTP_507_INSUFFICIENT_STORAGE,
}
# The same for what does not exist and for what the viewer may not know of.
NOT_FOUND = "Not found."


def exception_handler(error: Exception, context: Mapping[str, Any]) -> Response | None:
    """The answer to an error, None for a bug (see REST_FRAMEWORK in the settings)."""
    profile = getattr(context["view"], "profile", API_2)
    if isinstance(error, DomainError):
        return _refused(error, context["view"])
    if isinstance(error, SuspiciousOperation):
        return Response(profile.refused(str(error)), status=413 if isinstance(error, RequestDataTooBig) else 400)
    response = default_handler(error, dict(context))
    if response is not None:
        told = response.data.get("detail") if isinstance(response.data, dict) else None
        response.data = profile.refused(response.data if told is None else str(told))
    return response


def _refused(error: DomainError, view: Any) -> Response:
    field, is_sent_id = (None, False) if error.field is None else view.sent_name(error.field)
    refused = view.profile.refused
    if isinstance(error, NotFound) and not is_sent_id:
        return Response(refused(NOT_FOUND), status=status.HTTP_404_NOT_FOUND)
    status_code = STATUSES.get(error.code, status.HTTP_400_BAD_REQUEST)
    headers = {"WWW-Authenticate": "Token"} if status_code == status.HTTP_401_UNAUTHORIZED else None
    told = refused(error.message) if field is None else refused({field: [error.message]})
    return Response(told, status_code, headers=headers)


def no_such_endpoint(request: HttpRequest) -> JsonResponse:
    """The answer to an address that nothing stands at."""
    return JsonResponse(API_2.refused(NOT_FOUND), status=status.HTTP_404_NOT_FOUND)


def server_error(request: HttpRequest) -> HttpResponse:
    """The site's `handler500`: JSON for this door, Django's page for people."""
    if request.path.startswith("/api/"):
        return JsonResponse({"detail": "Server error."}, status=status.HTTP_500_INTERNAL_SERVER_ERROR)
    return defaults.server_error(request)
