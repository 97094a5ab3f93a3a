"""The media folder over HTTP: what players fetch, in ranges and from pages of other hosts."""

import os
from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from pathlib import Path, PurePath

from starlette.applications import Starlette
from starlette.datastructures import Headers, MutableHeaders, QueryParams
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.responses import FileResponse, Response
from starlette.routing import Mount
from starlette.staticfiles import NotModifiedResponse, StaticFiles
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from backend.assets.media import may_fetch, mime_type
from backend.database import DatabaseThreads, Overloaded, TookTooLong, threads

HEADERS = {
    "access-control-allow-origin": "*",
    "access-control-expose-headers": "Accept-Ranges, Content-Length, Content-Range",
    # People upload these files, HTML among them: a browser must neither guess a type nor run what it finds.
    "x-content-type-options": "nosniff",
    "content-security-policy": "default-src 'none'; sandbox",
    # An asset may be withdrawn at any time, a link ends: who keeps a copy asks whether it may still be shown.
    "cache-control": "no-cache",
}
PREFLIGHT = {
    "access-control-allow-methods": "GET, HEAD, OPTIONS",
    "access-control-allow-headers": "Authorization, Content-Type, Range",
    "access-control-max-age": "86400",
}
RETRY_SECONDS = "5"

MayFetch = Callable[[str, Mapping[str, str]], bool]


def media_app(
    directory: Path, *, url: str, allows: MayFetch = may_fetch, workers: DatabaseThreads = threads
) -> Starlette:
    """An ASGI application that serves the files of `directory` under the path `url` (`/rwmedia/`).

    `allows` is asked for each file that is there, with its name and the parameters of the address, in a thread of
    `workers`; one that it does not allow is not found.
    """

    async def is_allowed(name: str, link: Mapping[str, str]) -> bool:
        return await workers.run(partial(allows, name, link))

    return Starlette(
        routes=[Mount(url.rstrip("/"), _Folder(directory, is_allowed))],
        middleware=[Middleware(_OpenToAll)],
    )


class _Folder(StaticFiles):
    def __init__(self, directory: Path, is_allowed: Callable[[str, Mapping[str, str]], Awaitable[bool]]) -> None:
        super().__init__(directory=directory, check_dir=False)
        self._is_allowed = is_allowed

    async def check_config(self) -> None:
        """A folder that is not there yet holds no files."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        """Called by Starlette; what begins with a dot is ours alone."""
        if any(part.startswith(".") for part in PurePath(path).parts):
            raise HTTPException(404)
        response = await super().get_response(path, scope)
        try:
            is_allowed = await self._is_allowed(PurePath(path).as_posix(), QueryParams(scope["query_string"]))
        except (Overloaded, TookTooLong):
            raise HTTPException(503, headers={"retry-after": RETRY_SECONDS}) from None
        if not is_allowed:
            raise HTTPException(404)
        return response

    def file_response(
        self, full_path: "str | os.PathLike[str]", stat_result: os.stat_result, scope: Scope, status_code: int = 200
    ) -> Response:
        """As Starlette's, but of the type that browsers and phones know."""
        kind = mime_type(PurePath(full_path).name) or "application/octet-stream"
        response = FileResponse(full_path, status_code, stat_result=stat_result, media_type=kind)
        if self.is_not_modified(response.headers, Headers(scope=scope)):
            return NotModifiedResponse(response.headers)
        return response


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
