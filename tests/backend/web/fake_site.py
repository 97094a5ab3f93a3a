"""A site for browser tests: our real pages and files, with a scripted GraphQL door and a tone for a stream."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.contrib.staticfiles import finders
from django.test import RequestFactory
from playwright.sync_api import Page, Request, Route, WebSocketRoute

Json = dict[str, Any]
TYPES = {".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml", ".geojson": "application/geo+json"}
TOKEN = "0" * 40


def connection(*nodes: Json) -> Json:
    """Nodes as a Relay connection."""
    return {"edges": [{"node": node} for node in nodes]}


@dataclass
class FakeSite:
    """Answers every request of a page from memory; other hosts than `origin` and `stream_url`'s are refused.

    `refusals` are the typed errors with which operations answer, and `breaks` the operations that break off, once
    each; those in `held` get no answer. `files` are the uploads that came through; the last is served at `media_url`,
    as an asset that is `submitted` or not; None if it has been deleted since. `contributions` wait for a decision,
    and more than those where `more_waits`; `cursor` is where the project's events stand.
    """

    project: Json | None
    html: dict[str, tuple[str, dict[str, str]]]
    stream_url: str | None
    origin: str = "http://localhost:9"
    asked: list[tuple[str, Json]] = field(default_factory=list)
    foreign: list[str] = field(default_factory=list)
    refusals: dict[str, Json] = field(default_factory=dict)
    breaks: set[str] = field(default_factory=set)
    held: set[str] = field(default_factory=set)
    files: list[bytes] = field(default_factory=list)
    submitted: bool | None = True
    stream_state: str = "PLAYING"
    contributions: list[Json] = field(default_factory=list)
    more_waits: bool = False
    cursor: str = "e.0"
    is_logged_in: bool = True
    _subscriptions: dict[str, tuple[WebSocketRoute, str]] = field(default_factory=dict)

    def serve(self, page: Page) -> None:
        """Takes over all requests of this page."""
        page.route("**/*", self._answer)
        page.route_web_socket(re.compile("/graphql/$"), self._accept)

    def inputs(self, operation: str) -> list[Json]:
        """The inputs that were sent to one operation, in order."""
        return [variables.get("input", variables) for name, variables in self.asked if name == operation]

    def emit(self, event: str, *, to: str = "streamEvents", **fields: Any) -> None:
        """Sends one event to one of the page's subscriptions."""
        assert to in self._subscriptions, f"The page has not subscribed to {to}"
        socket, identifier = self._subscriptions[to]
        payload = {"data": {to: {"__typename": event, **fields}}}
        socket.send(json.dumps({"id": identifier, "type": "next", "payload": payload}))

    def subscribed(self, *names: str) -> bool:
        """Whether the page follows all of these now."""
        return self._subscriptions.keys() >= set(names)

    def hang_up(self, code: int, reason: str = "") -> None:
        """Closes the page's websocket."""
        (socket, *_) = {socket for socket, _ in self._subscriptions.values()}
        self._subscriptions.clear()
        socket.close(code=code, reason=reason)

    def _answer(self, route: Route) -> None:
        url = route.request.url
        if not url.startswith(self.origin):
            return route.continue_() if url == self.stream_url else self._refuse(route)
        path = url.removeprefix(self.origin).split("?")[0]
        if path == "/graphql/" and route.request.method == "POST":
            return self._graphql(route)
        if path.startswith("/static/"):
            return self._static(route, path.removeprefix("/static/"))
        if self.files and url == self.media_url:
            return route.fulfill(body=self.files[-1], content_type="audio/webm")
        body, headers = self.html.get(path, ("", {}))
        route.fulfill(status=200 if body else 404, body=body, headers=headers, content_type="text/html; charset=utf-8")

    def _refuse(self, route: Route) -> None:
        self.foreign.append(route.request.url)
        route.abort()

    def _static(self, route: Route, name: str) -> None:
        found = finders.find(name)
        if found is None:
            return route.fulfill(status=404)
        file = Path(str(found))
        route.fulfill(body=file.read_bytes(), content_type=TYPES.get(file.suffix, "application/octet-stream"))

    def _graphql(self, route: Route) -> None:
        request, files = _parsed(route.request)
        named = re.search(r"(?:query|mutation)\s+(\w+)", request["query"])
        operation = named[1] if named else "?"
        self.asked.append((operation, request.get("variables") or {}))
        if operation in self.held:
            return
        if operation in self.breaks:
            self.breaks.remove(operation)
            return route.abort()
        self.files += files
        if operation in self.refusals:
            data = {operation: {"__typename": "RefusedError", "field": None, **self.refusals.pop(operation)}}
        else:
            data = ANSWERS.get(operation, lambda _: {operation: {"__typename": f"{operation}Success"}})(self)
        route.fulfill(json={"data": data})

    def _accept(self, socket: WebSocketRoute) -> None:
        def received(text: str | bytes) -> None:
            message = json.loads(text)
            if message["type"] == "connection_init":
                self.asked.append(("connection_init", message.get("payload")))
                socket.send(json.dumps({"type": "connection_ack"}))
            elif message["type"] == "subscribe":
                self._subscribe(socket, message)
            elif message["type"] == "ping":
                socket.send(json.dumps({"type": "pong"}))

        socket.on_message(received)

    def _subscribe(self, socket: WebSocketRoute, message: Json) -> None:
        asked = message["payload"]
        (operation, name) = re.findall(r"subscription (\w+)[^{]*{\s*(\w+)", asked["query"])[0]
        self.asked.append((operation, asked["variables"]))
        self._subscriptions[name] = (socket, message["id"])

    @property
    def media_url(self) -> str:
        """Where the last upload is."""
        return f"{self.origin}/rwmedia/mine"

    @property
    def asset(self) -> Json | None:
        """What the last upload has become."""
        if self.submitted is None:
            return None
        given = self.inputs("UploadAsset")[-1]
        place = {name: given[name] for name in ("description", "latitude", "longitude")}
        return {"id": "Asset:9", **place, "submitted": self.submitted, "file": {"url": self.media_url}}

    @property
    def viewer(self) -> Json | None:
        """Who is logged in."""
        return {"username": "curator"} if self.is_logged_in else None

    @property
    def stream(self) -> Json:
        """The one stream of this site."""
        message = "Come nearer." if self.stream_state == "OUT_OF_RANGE" else None
        return {"id": "Stream:1", "url": self.stream_url, "state": self.stream_state, "outOfRangeMessage": message}


def _parsed(request: Request) -> tuple[Json, list[bytes]]:
    """The document and the files of a request, also by the multipart request specification."""
    body, kind = request.post_data_buffer or b"{}", request.headers["content-type"]
    if not kind.startswith("multipart/"):
        return json.loads(body), []
    form = RequestFactory().generic("POST", "/", body, kind)
    assert json.loads(form.POST["map"]) == {"0": ["variables.input.file"]}
    return json.loads(form.POST["operations"]), [form.FILES["0"].read()]


ANSWERS: dict[str, Callable[[FakeSite], Json]] = {
    "Project": lambda site: {"project": site.project},
    "LiveProject": lambda site: {
        "viewer": site.viewer,
        "project": {**(site.project or {}), "eventCursor": site.cursor},
    },
    "Who": lambda site: {"viewer": site.viewer, "project": {"id": "Project:1"}},
    "Unpublished": lambda site: {
        "assets": {"nodes": site.contributions, "pageInfo": {"hasNextPage": site.more_waits, "endCursor": "c"}}
    },
    "LiveZones": lambda site: {"project": site.project},
    "AssetFile": lambda site: {"asset": {"file": {"url": site.media_url}}},
    "ModerateAssets": lambda _: {"moderateAssets": {"__typename": "ModerateAssetsSuccess"}},
    "RegisterDevice": lambda _: {"registerDevice": {"__typename": "RegisterDeviceSuccess", "token": TOKEN}},
    "CreateSession": lambda _: {"createSession": {"__typename": "CreateSessionSuccess", "session": {"id": "Uzox"}}},
    "OpenStream": lambda site: {"openStream": {"__typename": "OpenStreamSuccess", "stream": site.stream}},
    "CreateEnvelope": lambda _: {"createEnvelope": {"__typename": "CreateEnvelopeSuccess", "envelope": {"id": "Env"}}},
    "UploadAsset": lambda site: {"uploadAsset": {"__typename": "UploadAssetSuccess", "asset": site.asset}},
    "MoveListener": lambda site: {"moveListener": {"__typename": "MoveListenerSuccess", "stream": site.stream}},
}
