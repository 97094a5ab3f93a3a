"""The media folder over HTTP: what players fetch, in ranges and from pages of other hosts."""

from pathlib import Path

from starlette.applications import Starlette
from starlette.datastructures import MutableHeaders
from starlette.middleware import Middleware
from starlette.responses import Response
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Message, Receive, Scope, Send

# People upload these files, HTML among them: a browser must neither guess a type nor run what it finds.
HEADERS = {
    "access-control-allow-origin": "*",
    "access-control-expose-headers": "Accept-Ranges, Content-Length, Content-Range",
    "x-content-type-options": "nosniff",
    "content-security-policy": "default-src 'none'; sandbox",
}
PREFLIGHT = {
    "access-control-allow-methods": "GET, HEAD, OPTIONS",
    "access-control-allow-headers": "Authorization, Content-Type, Range",
    "access-control-max-age": "86400",
}


def media_app(directory: Path, *, url: str) -> Starlette:
    """An ASGI application that serves the files of `directory` under the path `url` (`/rwmedia/`)."""
    return Starlette(
        routes=[Mount(url.rstrip("/"), _Folder(directory=directory, check_dir=False))],
        middleware=[Middleware(_OpenToAll)],
    )


class _Folder(StaticFiles):
    async def check_config(self) -> None:
        """A folder that is not there yet holds no files."""


class _OpenToAll:
    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_opened(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(HEADERS)
            await send(message)

        is_preflight = scope["type"] == "http" and scope["method"] == "OPTIONS"
        app = Response(status_code=204, headers=PREFLIGHT) if is_preflight else self.app
        await app(scope, receive, send_opened)
