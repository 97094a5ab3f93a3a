"""A page of somebody else's plays a stream of Ogg Opus in a real browser: at once, the right tone, without a gap."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Page
from pytest import approx

from tests.chromium import ONLY_HERE, chromium
from tests.journeys.conftest import DemoServer
from tests.journeys.test_move_listener import Client, Zone
from tests.patience import wall_clock

pytestmark = [pytest.mark.browser, wall_clock]

LISTEN = """async ({ url, seconds }) => {
  const audio = new Audio();
  audio.crossOrigin = "anonymous";
  const context = new AudioContext();
  const analyser = new AnalyserNode(context, { fftSize: 16384 });
  context.createMediaElementSource(audio).connect(analyser);
  const heard = { playingSeconds: null, soundSeconds: null, timesDry: 0 };
  const begun = performance.now();
  const elapsed = () => (performance.now() - begun) / 1000;
  audio.addEventListener("playing", () => (heard.playingSeconds ??= elapsed()));
  audio.addEventListener("waiting", () => (heard.timesDry += heard.playingSeconds === null ? 0 : 1));
  audio.src = url;
  await audio.play();
  const samples = new Float32Array(2048);
  while (elapsed() < seconds) {
    analyser.getFloatTimeDomainData(samples);
    if (samples.some((sample) => Math.abs(sample) > 0.01)) heard.soundSeconds ??= elapsed();
    await new Promise((done) => setTimeout(done, 20));
  }
  const spectrum = new Float32Array(analyser.frequencyBinCount);
  analyser.getFloatFrequencyData(spectrum);
  heard.hertz = (spectrum.indexOf(Math.max(...spectrum)) * context.sampleRate) / analyser.fftSize;
  heard.playedSeconds = audio.currentTime;
  audio.src = "";
  return heard;
}"""


@pytest.fixture
def page(demo_server: DemoServer) -> Iterator[Page]:
    with chromium(ONLY_HERE) as browser:
        page = browser.new_page()
        page.goto(demo_server.audio_url)
        yield page


def heard(page: Page, client: Client, zone: Zone, *, bitrate_kbps: int, seconds: float) -> dict[str, Any]:
    stream = client.post(
        "streams/",
        session_id=client.session,
        latitude=zone.latitude,
        longitude=zone.longitude,
        audio_format="opus",
        audio_stream_bitrate=str(bitrate_kbps),
    )
    assert ".ogg?key=" in stream["stream_url"]
    return page.evaluate(LISTEN, {"url": stream["stream_url"], "seconds": seconds})


# At the lowest bit rate the browser's buffer of 32 KiB is the longest: 5.5 s, so twelve seconds empty it twice.
@pytest.mark.parametrize(("bitrate_kbps", "seconds"), [(48, 12.0), (96, 5.0)])
def test_it_plays_within_two_seconds_and_never_runs_dry(
    page: Page, demo_server: DemoServer, bitrate_kbps: int, seconds: float
) -> None:
    client = Client(demo_server)
    zone = client.zones()[0]
    result = heard(page, client, zone, bitrate_kbps=bitrate_kbps, seconds=seconds)
    assert result["playingSeconds"] < 2
    assert result["soundSeconds"] < 2
    assert result["timesDry"] == 0
    assert result["hertz"] == approx(zone.hertz, abs=4)
    assert result["playedSeconds"] == approx(seconds - result["playingSeconds"], abs=0.5)


def test_silence_plays_at_once_too(page: Page, demo_server: DemoServer) -> None:
    """Or who begins to listen in a quiet place would hear the first sound as late as the silence was long."""
    client = Client(demo_server)
    quiet = Zone(0, client.zones()[0].latitude + 0.02, client.zones()[0].longitude)
    result = heard(page, client, quiet, bitrate_kbps=48, seconds=4.0)
    assert result["soundSeconds"] is None
    assert result["playingSeconds"] < 2
    assert result["timesDry"] == 0
