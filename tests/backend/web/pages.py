"""Waiting for a page: by asking it, since its policy forbids the evaluation of text in it."""

import time
from collections.abc import Callable

from playwright.sync_api import Page

from tests.patience import PATIENCE_SECONDS


def until(page: Page, condition: str) -> None:
    """Waits for a JavaScript condition to hold. Fails with what the page says of its state."""
    until_so(page, lambda: page.evaluate(condition), condition)


def until_so(page: Page, is_so: Callable[[], object], condition: str = "it") -> None:
    """The same of what Python knows; the page goes on meanwhile."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not is_so():
        assert time.monotonic() < deadline, f"{condition} does not hold; the page says: {page.inner_text('body')}"
        page.wait_for_timeout(20)


def ready(page: Page) -> Page:
    """The page once it can be played."""
    until(page, "window.earshot?.state.phase === 'idle'")
    return page


def playing(page: Page) -> Page:
    """The page once it sounds."""
    ready(page).click("#play")
    until(page, "earshot.state.sound === 'playing'")
    return page
