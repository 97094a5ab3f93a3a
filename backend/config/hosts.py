"""Which hosts the doors beside Django's handler answer to: those of ALLOWED_HOSTS, by Django's own rule."""

import logging
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from django.core.exceptions import DisallowedHost
from django.http import HttpRequest

from schema.http_messages import Request
from schema.http_responses import plain_error, send_response

log = logging.getLogger(__name__)

ASGIApp = Callable[[Any, Any, Any], Awaitable[None]]


class ForOurHosts:
    """Gives a request, or a handshake, to an application when it asks for a host of ours; else to `otherwise`."""

    def __init__(self, application: ASGIApp, *, otherwise: ASGIApp) -> None:
        self._application = application
        self._otherwise = otherwise

    async def __call__(self, scope: Mapping[str, Any], receive: Any, send: Any) -> None:
        """Called by the server for every one."""
        await (self._application if is_ours(scope) else self._otherwise)(scope, receive, send)


def is_ours(scope: Mapping[str, Any]) -> bool:
    """Whether Django would answer it. A header that comes twice is one that no host is named by, as for Django."""
    request = HttpRequest()
    name, port = scope.get("server") or ("unknown", 0)
    request.META |= {"SERVER_NAME": name, "SERVER_PORT": str(port)}
    for header, key in ((b"host", "HTTP_HOST"), (b"x-forwarded-host", "HTTP_X_FORWARDED_HOST")):
        if given := [value.decode("latin1") for each, value in scope["headers"] if each == header]:
            request.META[key] = ",".join(given)
    try:
        request.get_host()
    except DisallowedHost as error:
        log.warning("A request for %.100r is refused: %.300s", scope["path"], error)
        return False
    return True


async def refuse_request(scope: Mapping[str, Any], receive: Any, send: Any) -> None:
    """What the GraphQL door says to who asks for another host."""
    answer = plain_error(400, "This site does not answer to that host name; its operator may name it in ALLOWED_HOSTS.")
    await send_response(answer, Request.of(scope), send)
