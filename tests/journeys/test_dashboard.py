"""The dashboard of a running demo: listeners move on it, contributions are decided on it, and a crash hides nothing."""

import json
import os
import secrets
import signal
import sqlite3
import time
from base64 import b64decode
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
from playwright.sync_api import Browser, Page, WebSocket, expect

from tests.backend.decoding.recordings import tone, write_wav
from tests.chromium import ONLY_HERE, chromium
from tests.journeys.conftest import PASSWORD, ROOT, DemoServer
from tests.journeys.graphql_client import FAULT, GraphQLClient
from tests.journeys.test_crashes import pid_of
from tests.journeys.test_frontend import opened, zones_of_tones
from tests.patience import wall_clock

pytestmark = pytest.mark.browser

SCREENSHOTS = ROOT / "build" / "screenshots"
DESKTOP = {"viewport": {"width": 1280, "height": 800}}
PHONE = {"viewport": {"width": 390, "height": 844}, "color_scheme": "dark", "device_scale_factor": 2}
ON_THE_MAP_WITHIN_SECONDS = 1.0
# Positions are shown on a grid of ten metres.
NEAR_DEGREES = 0.00015
PATIENCE_SECONDS = 60
# On the station square of the sound walk.
PLACE = {"latitude": 60.1713, "longitude": 24.9441}
CROWD = 6
# What a browser says of a server that is away.
AWAY = ("WebSocket connection to", "net::ERR_", "Failed to load resource")

UPLOAD = (
    "mutation($input: UploadAssetInput!) { uploadAsset(input: $input)"
    f" {{ __typename ... on UploadAssetSuccess {{ asset {{ id submitted }} }} {FAULT} }} }}"
)


@dataclass(frozen=True)
class Moderated:
    """A project whose contributions wait for a decision, and somebody who leaves some."""

    project_id: str
    visitor: GraphQLClient
    server: DemoServer
    recording: Path

    def contribute(self, description: str) -> Any:
        """Uploads a recording as an app does; gives the asset."""
        session = self.visitor.mutate("createSession", "session { id }", projectId=self.project_id)["session"]["id"]
        envelope = self.visitor.mutate("createEnvelope", "envelope { id }", session=session)["envelope"]["id"]
        given = {"envelopeId": envelope, "description": description, "file": None, **PLACE}
        operations = {"query": UPLOAD, "variables": {"input": given}}
        answer = httpx.post(
            f"{self.server.url}/graphql/",
            headers={"Authorization": f"Token {self.visitor.token}"},
            data={"operations": json.dumps(operations), "map": json.dumps({"0": ["variables.input.file"]})},
            files={"0": ("tone.wav", self.recording.read_bytes(), "audio/wav")},
            timeout=PATIENCE_SECONDS,
        )
        payload = answer.json()["data"]["uploadAsset"]
        assert payload["__typename"] == "UploadAssetSuccess", payload
        return payload["asset"]


@dataclass
class Watcher:
    """What a page asked, was told and complained of."""

    page: Page
    asked: set[str] = field(default_factory=set)
    faults: list[str] = field(default_factory=list)
    cursors: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.on("pageerror", lambda error: self.faults.append(str(error)))
        self.page.on("console", lambda line: self.faults.append(line.text) if line.type == "error" else None)
        self.page.on("request", lambda request: self.asked.add(urlsplit(request.url).netloc))
        self.page.on("websocket", self._watch)

    def _watch(self, socket: WebSocket) -> None:
        self.asked.add(urlsplit(socket.url).netloc)
        socket.on("framereceived", self._heard)

    def _heard(self, frame: str | bytes) -> None:
        message = json.loads(frame)
        event = message["payload"]["data"].get("projectEvents") if message["type"] == "next" else None
        if event and event["__typename"] != "Lagged":
            self.cursors.append(event["cursor"])


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium(ONLY_HERE) as browser:
        yield browser


@pytest.fixture
def visitor(demo_server: DemoServer) -> GraphQLClient:
    return GraphQLClient(demo_server, secrets.token_hex(16))


@pytest.fixture
def moderated(visitor: GraphQLClient, demo_server: DemoServer, tmp_path: Path) -> Iterator[Moderated]:
    """The sound walk, with a review as long as the test runs."""
    staff = GraphQLClient(demo_server, secrets.token_hex(16))
    staff.token = visitor.mutate("login", "token", username="curator", password=PASSWORD)["token"]
    projects = visitor.ask("{ projects { nodes { id speakEnabled } } }")["projects"]["nodes"]
    project_id = next(project["id"] for project in projects if project["speakEnabled"])
    staff.mutate("updateProject", "project { autoSubmit }", id=project_id, autoSubmit=False)
    recording = write_wav(tmp_path / "tone.wav", tone(660, seconds=2))
    yield Moderated(project_id, visitor, demo_server, recording)
    staff.mutate("updateProject", "project { autoSubmit }", id=project_id, autoSubmit=True)


@pytest.fixture
def log_in(browser: Browser, demo_server: DemoServer) -> Iterator[Callable[..., Watcher]]:
    """Opens a dashboard as staff do, who are not logged in yet."""
    opened_contexts = []

    def logged_in(project_id: str, **options: Any) -> Watcher:
        opened_contexts.append(browser.new_context(**options))
        watcher = Watcher(opened_contexts[-1].new_page())
        page = watcher.page
        page.goto(f"{demo_server.url}/live/{key_of(project_id)}")
        page.get_by_label("Username").fill("curator")
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Log in").click()
        expect(page.locator("#link")).to_have_text("Live")
        assert page.url == f"{demo_server.url}/live/{key_of(project_id)}"
        return watcher

    yield logged_in
    for context in opened_contexts:
        context.close()


def key_of(global_id: str) -> str:
    return b64decode(global_id).decode().split(":")[1]


def name_of(stream_id: str) -> str:
    """As the page calls a listener."""
    return f"Listener {key_of(stream_id)[:5]}"


def database(server: DemoServer, query: str, *values: Any) -> list[Any]:
    """What the demo's database holds now."""
    with sqlite3.connect(f"file:{server.data / 'earshot.sqlite3'}?mode=ro", uri=True, timeout=20) as connection:
        return connection.execute(query, values).fetchall()


def until(holds: Callable[[], Any], page: Page, *, seconds: float = PATIENCE_SECONDS) -> float:
    """Waits while the page goes on; returns how long that took."""
    started = time.monotonic()
    while not holds():
        assert time.monotonic() - started < seconds, page.inner_text("body")
        page.wait_for_timeout(20)
    return time.monotonic() - started


def drawn_near(page: Page, stream_id: str, place: dict[str, float]) -> bool:
    at = page.evaluate(f"earshot.scene.at('{stream_id}')")
    if at is None:
        return False
    apart = abs(at["lat"] - place["latitude"]), abs(at["lng"] - place["longitude"]) / 2
    return max(apart) < NEAR_DEGREES


def picture(page: Page, name: str) -> None:
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=SCREENSHOTS / f"{name}.png")


@wall_clock
def test_a_listener_who_moves_is_there_on_the_map_within_a_second(
    log_in: Callable[..., Watcher], visitor: GraphQLClient, demo_server: DemoServer
) -> None:
    project_id, (here, there, *_) = zones_of_tones(visitor)
    watcher = log_in(project_id, **DESKTOP)
    page = watcher.page
    stream_id = opened(visitor, project_id, here["place"])["id"]
    until(lambda: drawn_near(page, stream_id, here["place"]), page)
    row = page.get_by_role("button", name=name_of(stream_id))
    row.press("Enter")
    expect(page.locator("#chosen-zones .row-title")).to_have_text([here["code"]])
    expect(page.locator("#chosen-clips .row")).to_have_count(1)
    picture(page, "dashboard-listener")
    seconds = []
    for zone in (there, here, there, here, there):
        started = time.monotonic()
        visitor.mutate("moveListener", "stream { id }", streamId=stream_id, heading=45.0, **zone["place"])
        until(lambda zone=zone: drawn_near(page, stream_id, zone["place"]), page)
        seconds.append(time.monotonic() - started)
    # Of several, since others may use this machine.
    assert median(seconds) < ON_THE_MAP_WITHIN_SECONDS
    expect(page.locator("#chosen-zones .row-title")).to_have_text([there["code"]])
    visitor.mutate("closeStream", "stream { state }", streamId=stream_id)
    expect(row).to_have_count(0)
    assert watcher.asked == {urlsplit(demo_server.url).netloc}
    assert watcher.faults == []


@pytest.mark.parametrize(("name", "options"), [("dashboard", DESKTOP), ("dashboard-phone-dark", PHONE)])
def test_a_contribution_appears_is_heard_and_approved_by_keyboard(
    log_in: Callable[..., Watcher], moderated: Moderated, demo_server: DemoServer, name: str, options: Any
) -> None:
    listener = opened(moderated.visitor, moderated.project_id, PLACE)
    watcher = log_in(moderated.project_id, **options)
    page = watcher.page
    words = [f"Steps on snow, {name}", f"A bar of noise, {name}"]
    for description in words:
        assert moderated.contribute(description)["submitted"] is False
    cards = page.locator(".card", has_text=name)
    expect(cards).to_have_count(2)
    expect(page.locator(".event-marked").first).to_contain_text("New, to review")
    picture(page, name)

    page.keyboard.press("j")
    page.keyboard.press("k")
    expect(page.locator(".card[aria-current]")).to_contain_text(words[0])
    page.keyboard.press(" ")
    until(lambda: page.evaluate("document.getElementById('hearing').currentTime > 0.3"), page)
    page.keyboard.press("a")
    expect(page.locator("#review-says")).to_have_text(f"Approved: “{words[0]}”.")
    page.keyboard.press("r")
    page.keyboard.type("Only noise")
    page.keyboard.press("Enter")
    expect(page.locator("#review-says")).to_have_text(f"Rejected: “{words[1]}”.")
    expect(cards).to_have_count(0)
    asked = "SELECT submitted, moderation_reason, moderated_at IS NULL FROM assets_asset WHERE description = ?"
    assert database(demo_server, asked, words[0]) == [(1, "", 0)]
    assert database(demo_server, asked, words[1]) == [(0, "Only noise", 0)]
    picture(page, f"{name}-decided")
    moderated.visitor.mutate("closeStream", "stream { state }", streamId=listener["id"])
    assert watcher.asked == {urlsplit(demo_server.url).netloc}
    assert watcher.faults == []


def test_a_killed_gateway_is_reconnected_to_and_no_event_is_missing(
    log_in: Callable[..., Watcher], visitor: GraphQLClient, demo_server: DemoServer
) -> None:
    project_id, zones = zones_of_tones(visitor)
    watcher = log_in(project_id, **DESKTOP)
    page, project = watcher.page, key_of(project_id)
    streams = [opened(visitor, project_id, zones[number % len(zones)]["place"])["id"] for number in range(CROWD)]
    until(lambda: len(watcher.cursors) >= 2 * CROWD, page)
    page.evaluate("window.isSamePage = true")

    def numbers() -> list[int]:
        first = int(watcher.cursors[0].split(".")[1])
        asked = "SELECT sequence FROM journal_entry WHERE project_id = ? AND sequence >= ? ORDER BY sequence"
        return [number for (number,) in database(demo_server, asked, project, first)]

    # It is down until the engine has recorded what nobody was there to tell.
    known = len(numbers())
    deadline = time.monotonic() + PATIENCE_SECONDS
    while len(numbers()) < known + 3:
        assert time.monotonic() < deadline, "the engine recorded nothing"
        if gateway := pid_of(demo_server, "gateway"):
            os.kill(gateway, signal.SIGKILL)
        page.wait_for_timeout(100)
    expect(page.locator("#link")).to_have_text("Reconnecting…")
    picture(page, "dashboard-reconnecting")
    expect(page.locator("#link")).to_have_text("Live", timeout=PATIENCE_SECONDS * 1000)
    until(lambda: len(watcher.cursors) == len(numbers()), page)
    assert [int(cursor.split(".")[1]) for cursor in watcher.cursors] == numbers()
    assert page.evaluate("window.isSamePage")
    for stream_id in streams:
        expect(page.get_by_role("button", name=name_of(stream_id))).to_have_count(1)
        visitor.mutate("closeStream", "stream { state }", streamId=stream_id)
    assert watcher.asked == {urlsplit(demo_server.url).netloc}
    assert [fault for fault in watcher.faults if not fault.startswith(AWAY)] == []
