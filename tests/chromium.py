"""Chromium as Debian ships it, with a microphone that beeps, and no screen."""

from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, expect, sync_playwright

from tests.patience import PATIENCE_SECONDS

ARGUMENTS = [
    "--no-sandbox",
    "--autoplay-policy=no-user-gesture-required",
    # The pages need no WebGL, and an emulated graphics card draws their canvases ten times slower than none.
    "--disable-gpu",
    "--use-fake-device-for-media-stream",
]
# The network to every other host is cut.
ONLY_HERE = "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost"


@contextmanager
def chromium(*more: str) -> Iterator[Browser]:
    """A browser with these arguments, too."""
    expect.set_options(timeout=PATIENCE_SECONDS * 1000)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=[*ARGUMENTS, *more])
        yield browser
        browser.close()
