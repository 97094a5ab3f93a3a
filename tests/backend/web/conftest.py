"""A place to listen to, its pages as our views make them, and a browser to open them in."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.contrib.gis.geos import MultiPolygon, Polygon
from django.test import RequestFactory
from playwright.sync_api import Browser, BrowserContext, Page

from backend.accounts.models import User
from backend.geo.buffering import inward_buffer
from backend.projects.models import Project
from backend.web import dashboard, views
from backend.web.graphiql import GRAPHIQL_HEADERS, graphiql_html
from tests.backend.web.fake_site import FakeSite, connection
from tests.backend.web.tone_server import ToneServer, tone_server
from tests.chromium import chromium
from tests.microphone import listened_to

# Pages that a test answers itself have no address; Chromium would forbid them the tone server's loopback.
TO_LOOPBACK = "--disable-features=LocalNetworkAccessChecks"
LATITUDE, LONGITUDE = 60.1709, 24.9443


def speaker(key: int, code: str, west: float) -> dict[str, Any]:
    """A zone of about 110 by 110 m that begins `west` degrees east of the start, with a fade of 20 m."""
    left, bottom, right, top = LONGITUDE + west, LATITUDE - 0.0005, LONGITUDE + west + 0.002, LATITUDE + 0.0005
    shape = MultiPolygon(Polygon.from_bbox((left, bottom, right, top)), srid=4326)
    border = inward_buffer(shape, 20)
    return {
        "id": f"Speaker:{key}",
        "code": code,
        "maxVolume": 1,
        "isActive": True,
        "attenuationMetres": 20,
        "shape": json.loads(shape.geojson),
        "attenuationBorder": json.loads(border.geojson),
    }


def tag(key: int, label: str) -> dict[str, Any]:
    """An item of a group, with its tag."""
    chosen = {"isDefault": True, "isActive": True, "parent": None}
    return {"id": f"UIItem:{key}", **chosen, "tag": {"id": f"Tag:{key}", "label": label}}


@pytest.fixture
def place() -> dict[str, Any]:
    """Two zones, one recording, one group of tags."""
    bell = {"id": "Asset:1", "description": "Bells", "latitude": LATITUDE, "longitude": LONGITUDE, "mediaType": "AUDIO"}
    group = {"id": "UIGroup:1", "name": "mood", "header": "In which mood?", "uiMode": "LISTEN", "isActive": True}
    return {
        "name": "Two zones",
        "description": "For tests.",
        "latitude": LATITUDE,
        "longitude": LONGITUDE,
        "legalAgreement": None,
        "speakEnabled": False,
        "maxRecordingSeconds": 60,
        "speakers": connection(speaker(1, "440", -0.001), speaker(2, "610", 0.002)),
        "assets": connection(bell),
        "uiGroups": connection(group | {"select": "MIN_ONE", "items": connection(tag(1, "Calm"), tag(2, "Lively"))}),
    }


@pytest.fixture
def speaking_place(place: dict[str, Any]) -> dict[str, Any]:
    """The place, open to recordings, with a question about them."""
    group = {"id": "UIGroup:2", "name": "who", "header": "Who is heard?", "uiMode": "SPEAK", "isActive": True}
    choices = [tag(key, label) | {"isDefault": False} for key, label in ((3, "A bird"), (4, "A person"))]
    whose = tag(5, "My own") | {"isDefault": False, "parent": {"id": "UIItem:4"}}
    place["uiGroups"]["edges"] += connection(
        group | {"select": "SINGLE", "items": connection(*choices)},
        group | {"id": "UIGroup:3", "header": "Whose voice?", "select": "MIN_ONE", "items": connection(whose)},
    )["edges"]
    return place | {"speakEnabled": True}


@pytest.fixture
def tones() -> Iterator[ToneServer]:
    """An endless sine over HTTP."""
    with tone_server() as server:
        yield server


@pytest.fixture
def site(settings: Any, monkeypatch: pytest.MonkeyPatch, place: dict[str, Any], tones: ToneServer) -> FakeSite:
    """The site with our real pages, of a project that needs no database: the browser's driver forbids its use."""
    settings.AUDIO_URL = tones.url.rsplit("/", 1)[0]
    settings.ALLOWED_HOSTS = ["localhost"]
    for module in (views, dashboard):
        monkeypatch.setattr(module, "project_of", lambda key: Project(pk=key, name="Two zones"))
    answer = views.listen(RequestFactory(headers={"host": "localhost:9"}).get("/listen/1"), 1)
    asked = RequestFactory(headers={"host": "localhost:9"}).get("/live/1")
    asked.user = User(username="curator", is_staff=True)
    dashboard_page = dashboard.live(asked, 1)
    html = {
        "/live/1": (dashboard_page.content.decode(), dict(dashboard_page.headers)),
        "/listen/1": (answer.content.decode(), dict(answer.headers)),
        "/graphql/": (graphiql_html("/graphql/"), GRAPHIQL_HEADERS),
    }
    return FakeSite(project=place, html=html, stream_url=tones.url)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium(TO_LOOPBACK) as browser:
        yield browser


@pytest.fixture
def open_page(site: FakeSite, browser: Browser) -> Iterator[Callable[..., Page]]:
    """Opens a path of the site; at the end nothing may have gone wrong on any page, and no host been asked but ours."""
    faults: list[str] = []

    contexts: list[BrowserContext] = []

    def opened(path: str = "/listen/1", **options: Any) -> Page:
        contexts.append(browser.new_context(**options))
        page = listened_to(contexts[-1].new_page())
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("console", lambda line: faults.append(line.text) if "Content Security" in line.text else None)
        site.serve(page)
        page.goto(site.origin + path)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert faults == []
    assert site.foreign == []
