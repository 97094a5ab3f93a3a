"""A person opens the page in a browser, presses play, drags the headphones, and hears where they are."""

import re
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect

from tests.chromium import ONLY_HERE, chromium
from tests.journeys.conftest import ROOT, DemoServer
from tests.journeys.graphql_client import GraphQLClient
from tests.microphone import HAS_SOUND, LAST_SOUNDING_SECONDS, listened_to
from tests.patience import wall_clock

pytestmark = pytest.mark.browser

SCREENSHOTS = ROOT / "build" / "screenshots"
DESKTOP: ViewportSize = {"width": 1280, "height": 800}
PHONE: ViewportSize = {"width": 390, "height": 844}
SMALL_PHONE: ViewportSize = {"width": 360, "height": 740}

# Looks at the sound every 50 ms. Each look at the last 0.74 s overlaps the one before, so that no stretch is missed
# when a look comes late; windows of 20 ms tell what is silent.
EAR = """() => {
  const WINDOW_SECONDS = 0.02;
  const SILENT_DBFS = -60;
  const { context } = earshot.analyser;
  const memory = new AnalyserNode(context, { fftSize: 32768 });
  earshot.analyser.connect(memory);
  const samples = new Float32Array(memory.fftSize);
  const spectrum = new Float32Array(earshot.analyser.frequencyBinCount);
  const ear = (window.ear = { firstSoundMs: null, longestGapMs: 0, hertz: null });
  const dbfs = (part) => 10 * Math.log10(part.reduce((sum, x) => sum + x * x, 0) / part.length + 1e-12);
  const hops = Math.floor(context.sampleRate * WINDOW_SECONDS);

  function listen() {
    memory.getFloatTimeDomainData(samples);
    let gap = 0;
    for (let at = 0; at + hops <= samples.length; at += hops) {
      const isSilent = dbfs(samples.subarray(at, at + hops)) < SILENT_DBFS;
      if (!isSilent && ear.firstSoundMs === null) ear.firstSoundMs = performance.now();
      gap = isSilent ? gap + 1000 * WINDOW_SECONDS : 0;
      if (ear.isWatched) ear.longestGapMs = Math.max(ear.longestGapMs, gap);
    }
    earshot.analyser.getFloatFrequencyData(spectrum);
    const peak = spectrum.indexOf(Math.max(...spectrum));
    ear.hertz = (peak * context.sampleRate) / earshot.analyser.fftSize;
  }
  setInterval(listen, 50);
}"""
# From the click on, an ear begins as soon as there is something to listen at. Gives how long it took, in ms.
PLAY_AND_LISTEN = f"""async () => {{
  const clickedMs = performance.now();
  document.getElementById("play").click();
  ({EAR})();
  while (window.ear.firstSoundMs === null) {{
    if (performance.now() - clickedMs > 30_000) throw new Error("nothing is heard");
    await new Promise((done) => setTimeout(done, 10));
  }}
  return window.ear.firstSoundMs - clickedMs;
}}"""

NEWEST = """{
  assets(orderBy: [{ field: CREATED_AT, direction: DESC }], first: 1) {
    nodes { description latitude longitude durationSeconds submitted tags { nodes { value } } file { url } }
  }
}"""


def until(page: Page, condition: str, *, seconds: float) -> float:
    """Waits until a JavaScript condition holds; returns how many seconds that took."""
    started = time.monotonic()
    while not page.evaluate(condition):
        waited = time.monotonic() - started
        assert waited < seconds, f"{condition} does not hold; the page says: {page.inner_text('#status')}"
        page.wait_for_timeout(20)
    return time.monotonic() - started


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium(ONLY_HERE) as browser:
        yield browser


@pytest.fixture
def visit(browser: Browser, demo_server: DemoServer) -> Iterator[Callable[..., Page]]:
    """Opens the page of a project from the list of places; no other host than ours may be asked for anything."""
    ours = {urlsplit(address).netloc for address in (demo_server.url, demo_server.audio_url)}
    # A recording before it is uploaded has an address without a host (blob:).
    itself = {""}
    asked: set[str] = set()
    faults: list[str] = []

    def opened(project: str, **options: Any) -> Page:
        page = listened_to(browser.new_context(**options).new_page())
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("console", lambda line: faults.append(line.text) if line.type == "error" else None)
        page.on("request", lambda request: asked.add(urlsplit(request.url).netloc))
        page.on("websocket", lambda socket: asked.add(urlsplit(socket.url).netloc))
        page.goto(f"{demo_server.url}/")
        page.get_by_role("link", name=project).click()
        until(page, "window.earshot?.state.phase === 'idle'", seconds=30)
        expect(page.locator(".leaflet-control-attribution")).to_have_text("© OpenStreetMap contributors")
        return page

    yield opened
    for context in browser.contexts:
        context.close()
    assert asked - itself == ours
    assert faults == []


def drag_headphones(page: Page, zone: str) -> None:
    """From where they are to the middle of the zone with this code, in one pull."""
    start, end = (
        page.evaluate(f"earshot.map.latLngToContainerPoint({place})")
        for place in ("earshot.place", f"earshot.zones.find(({{ code }}) => code === '{zone}').centre")
    )
    box = page.locator("#map").bounding_box()
    assert box
    page.mouse.move(box["x"] + start["x"], box["y"] + start["y"])
    page.mouse.down()
    page.mouse.move(box["x"] + end["x"], box["y"] + end["y"])
    page.mouse.up()


def picture(page: Page, name: str) -> Path:
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    path = SCREENSHOTS / f"{name}.png"
    page.screenshot(path=path)
    return path


def hears(zone: str) -> str:
    """That the loudest frequency is the zone's: bins are 5.9 Hz wide at most."""
    return f"Math.abs(window.ear.hertz - {zone}) < 6"


@wall_clock
def test_a_person_drags_the_headphones_and_the_sound_follows(visit: Callable[..., Page]) -> None:
    page = visit("Tones", viewport=DESKTOP)
    here, there = page.evaluate("earshot.zones.map(({ code }) => code)")[:2]
    page.evaluate(f"""() => {{
      const middles = earshot.zones.filter(({{ code }}) => ['{here}', '{there}'].includes(code));
      earshot.map.fitBounds(middles.map(({{ centre }}) => centre), {{ animate: false, padding: [120, 120] }});
    }}""")
    drag_headphones(page, here)

    assert page.evaluate(PLAY_AND_LISTEN) < 1000
    until(page, hears(here), seconds=10)
    expect(page.locator("#zones .row-title")).to_have_text([here])

    # The window that holds the first sound holds the silence before it, too.
    page.wait_for_timeout(1000)
    page.evaluate("window.ear.isWatched = true")
    drag_headphones(page, there)
    assert until(page, hears(there), seconds=3.5) < 3.5
    page.wait_for_timeout(1000)
    assert page.evaluate("window.ear.longestGapMs") <= 100
    expect(page.locator("#zones .row-title")).to_have_text([there])
    assert picture(page, "tones").exists()


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("helsinki", {"viewport": DESKTOP}),
        ("helsinki-phone-dark", {"viewport": PHONE, "color_scheme": "dark", "device_scale_factor": 2}),
    ],
)
def test_a_walk_through_helsinki_is_heard_and_told(visit: Callable[..., Page], name: str, options: Any) -> None:
    page = visit("Helsinki", **options)
    page.evaluate(PLAY_AND_LISTEN)
    drag_headphones(page, "square")
    expect(page.locator("#zones .row-title").first).to_have_text("square")
    expect(page.locator("#clips .row").first).to_be_visible()
    page.wait_for_timeout(1500)
    assert picture(page, name).exists()
    page.click("#play")
    expect(page.locator("#status")).to_have_text("Stopped. Press play to listen again.")


def record(page: Page, seconds: float) -> float:
    """Agrees, and leaves the microphone open for at least so long. How long it sounded, in seconds."""
    page.get_by_role("button", name="Record", exact=True).click()
    page.get_by_role("button", name="I agree").click()
    page.locator("#finish").wait_for()
    page.wait_for_timeout(1000 * seconds)
    until(page, HAS_SOUND, seconds=30)
    page.click("#finish")
    expect(page.locator("#preview-time")).to_have_text(re.compile(r"0:\d\d"))
    return float(page.evaluate(LAST_SOUNDING_SECONDS))


def hand_in(page: Page, description: str) -> None:
    """Answers what the project asks, and uploads."""
    for answer in ("What happens each day", "Lively", "Nobody: just sounds"):
        page.locator("#subjects").get_by_label(answer).check(force=True)
    page.get_by_label("What is it?").fill(description)
    page.get_by_role("button", name="Upload").click()


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("recording", {"viewport": DESKTOP}),
        ("recording-phone-dark", {"viewport": SMALL_PHONE, "color_scheme": "dark", "device_scale_factor": 2}),
    ],
)
def test_a_person_leaves_a_recording_and_hears_it_in_the_stream(
    visit: Callable[..., Page], demo_server: DemoServer, name: str, options: Any
) -> None:
    page = visit("Helsinki", permissions=["microphone"], **options)
    drag_headphones(page, "square")
    here = page.evaluate("earshot.place")
    page.evaluate(PLAY_AND_LISTEN)
    sounding_seconds = record(page, 3)
    picture(page, f"{name}-review")
    hand_in(page, f"Beeps, {name}")
    expect(page.locator("#booth-status")).to_have_text(
        "Thank you. Everybody can hear it here now. It plays in your stream in a moment.", timeout=60_000
    )
    expect(page.locator("#clips .row-title", has_text=f"Beeps, {name}")).to_be_visible()
    picture(page, f"{name}-heard")

    stranger = GraphQLClient(demo_server, f"stranger-{name}")
    (asset,) = stranger.ask(NEWEST)["assets"]["nodes"]
    assert asset["description"] == f"Beeps, {name}"
    assert (asset["latitude"], asset["longitude"], asset["submitted"]) == (here["lat"], here["lng"], True)
    assert {tag["value"] for tag in asset["tags"]["nodes"]} == {"everyday", "lively", "nobody"}
    # Silence before the first beep and after the last is cut off, but for the 50 ms next to them.
    assert asset["durationSeconds"] == pytest.approx(sounding_seconds + 0.1, abs=0.13)
    assert page.get_attribute("#stored", "src") == asset["file"]["url"]
    page.evaluate("document.getElementById('stored').play()")
    until(page, "document.getElementById('stored').currentTime > 0.5", seconds=30)
    assert page.evaluate("document.getElementById('stored').duration") == pytest.approx(
        asset["durationSeconds"], abs=0.1
    )


def test_graphiql_opens_at_the_address_of_the_api(browser: Browser, demo_server: DemoServer) -> None:
    page = browser.new_page()
    page.goto(f"{demo_server.url}/graphql/")
    # The operations of the editor are known a moment after it is there: then there is one to choose.
    page.get_by_role("button", name="Execute query").and_(page.locator("[aria-haspopup=menu]")).click()
    page.get_by_role("menuitem", name="Places").click()
    expect(page.locator(".result-window")).to_contain_text("A sound walk in Helsinki")
    page.close()
