"""How soon a page in Chromium sounds after play: one stream after the other, each of them new to the engine."""

import importlib.util
from collections.abc import Sequence
from pathlib import Path

CHROMIUM = Path("/usr/bin/chromium")
ARGUMENTS = ("--no-sandbox", "--disable-gpu", "--autoplay-policy=no-user-gesture-required")
REST_MS = 500

# Milliseconds from play() until a sample of the stream is louder than -40 dBFS.
PLAY_TO_SOUND = """async (url) => {
  const audio = new Audio();
  audio.crossOrigin = "anonymous";
  const context = new AudioContext();
  const analyser = new AnalyserNode(context, { fftSize: 2048 });
  context.createMediaElementSource(audio).connect(analyser);
  await context.resume();
  const samples = new Float32Array(analyser.fftSize);
  const begun = performance.now();
  audio.src = url;
  audio.play();
  do {
    await new Promise((done) => setTimeout(done, 5));
    analyser.getFloatTimeDomainData(samples);
  } while (!samples.some((sample) => Math.abs(sample) > 0.01));
  const elapsed = performance.now() - begun;
  audio.src = "";
  await context.close();
  return elapsed;
}"""


def is_installed() -> bool:
    """Whether there is a Chromium, and what drives it."""
    return CHROMIUM.exists() and importlib.util.find_spec("playwright") is not None


def play_to_sound_ms(origin: str, urls: Sequence[str]) -> list[float]:
    """Of all but the first, which warms the browser up; `origin` is any page that it may stand on."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=list(ARGUMENTS))
        page = browser.new_page()
        page.goto(origin)
        heard = []
        for url in urls:
            heard.append(float(page.evaluate(PLAY_TO_SOUND, url)))
            page.wait_for_timeout(REST_MS)
        browser.close()
    return heard[1:]
