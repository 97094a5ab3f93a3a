"""The gateway as one ASGI application: each address goes to the door that answers it."""

from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Any

from channels.routing import ProtocolTypeRouter, URLRouter
from django.conf import settings
from django.core.handlers.asgi import ASGIHandler
from django.urls import re_path

from backend.config.environment import environment
from backend.config.hosts import ForOurHosts, refuse_request
from backend.config.origins import FromAllowedOrigins, Origins, refuse_handshake
from backend.web.graphiql import GRAPHIQL_HEADERS, graphiql_html
from backend.web.media import media_app
from realtime.plain import PlainStreams
from schema.callers import socket_caller
from schema.consumers import socket_app
from schema.http import GraphQLApp, Page

ASGIApp = Callable[[Any, Any, Any], Awaitable[None]]

# A subscription's messages are short; an upload is not sent by websocket.
MAX_SOCKET_MESSAGE_BYTES = 1 << 20


class ByPath:
    """Gives a request to the application of the first prefix that its path begins with."""

    def __init__(self, routes: Mapping[str, ASGIApp], *, otherwise: ASGIApp) -> None:
        self._routes = routes
        self._otherwise = otherwise

    async def __call__(self, scope: Mapping[str, Any], receive: Any, send: Any) -> None:
        """Called by the server for every request."""
        found = (app for prefix, app in self._routes.items() if scope["path"].startswith(prefix))
        await next(found, self._otherwise)(scope, receive, send)


def gateway() -> ProtocolTypeRouter:
    """All doors, connected. Django is set up before (manage.py does so)."""
    page = Page(graphiql_html, GRAPHIQL_HEADERS) if environment().enable_graphiql else None
    graphql = GraphQLApp(
        page,
        max_body_bytes=environment().max_body_bytes,
        max_upload_body_bytes=environment().max_upload_body_bytes,
    )
    http = ByPath(
        {
            "/graphql": ForOurHosts(graphql, otherwise=refuse_request),
            settings.MEDIA_URL: media_app(Path(settings.MEDIA_ROOT), url=settings.MEDIA_URL),
        },
        otherwise=ASGIHandler(),
    )
    ours = ForOurHosts(sockets(), otherwise=refuse_handshake)
    return ProtocolTypeRouter({"http": http, "websocket": FromAllowedOrigins(ours, socket_origins())})


def sockets() -> ASGIApp:
    """What answers websockets; at other addresses their handshakes are refused."""
    # Django's types know nothing of addresses that lead to websockets.
    plain: Any = PlainStreams(socket_caller)
    unknown: Any = refuse_handshake
    router = URLRouter(
        [
            re_path(r"^graphql/?$", socket_app(max_message_bytes=MAX_SOCKET_MESSAGE_BYTES)),
            re_path(r"^ws/streams/(?P<stream_id>[^/]+)/?$", plain),
            re_path("", unknown),
        ]
    )

    async def answer(scope: Mapping[str, Any], receive: Any, send: Any) -> None:
        # Where a proxy has mounted us is told by a header, which anybody may send.
        is_mounted = scope["path"].startswith(scope.get("root_path", ""))
        await (router if is_mounted else refuse_handshake)(scope, receive, send)

    return answer


def socket_origins() -> Origins:
    """Whose pages may open websockets. A demonstration lets in those that are made on its own machine."""
    settings = environment()
    return Origins(settings.public_url, settings.allowed_origins, allows_this_machine=settings.demo)
