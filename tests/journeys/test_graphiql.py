"""Somebody who is logged in to the admin is that user in GraphiQL, and a visitor on the listening page."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.chromium import ONLY_HERE, chromium
from tests.journeys.conftest import PASSWORD, DemoServer

pytestmark = pytest.mark.browser

# As GraphiQL asks: with the cookies of the page, and the token that the page knows.
ASK = """async ([query, csrf]) => {
  const token = csrf && { "X-CSRFToken": document.cookie.match(/csrftoken=([^;]+)/)[1] };
  const headers = { "Content-Type": "application/json", ...token };
  const answer = await fetch("/graphql/", { method: "POST", headers, body: JSON.stringify({ query }) });
  return [answer.status, await answer.json()];
}"""
WHO = "{ viewer { username } }"


@pytest.fixture
def page(demo_server: DemoServer) -> Iterator[Page]:
    """Logged in as the curator."""
    with chromium(ONLY_HERE) as browser:
        page = browser.new_page()
        page.goto(f"{demo_server.url}/admin/")
        page.get_by_label("Username").fill("curator")
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Log in").click()
        yield page


def test_the_curator_is_the_curator_in_graphiql(page: Page, demo_server: DemoServer) -> None:
    page.goto(f"{demo_server.url}/graphql/?x")
    editor = page.locator(".graphiql-query-editor .CodeMirror")
    editor.click()
    page.keyboard.press("Control+A")
    page.keyboard.insert_text(WHO)
    # It reads what is typed a moment later, and offers the operations of before until then.
    expect(page.locator(".graphiql-tab-button").first).to_have_text("<untitled>")
    page.get_by_role("button", name="Execute query").click()
    expect(page.locator(".result-window")).to_contain_text('"username": "curator"')
    assert page.evaluate(ASK, [WHO, True])[1]["data"] == {"viewer": {"username": "curator"}}
    status, body = page.evaluate(ASK, [WHO, False])
    assert (status, body["errors"][0]["extensions"]["code"]) == (403, "CSRF_FAILED")


def test_the_listening_page_has_a_visitor_of_its_own(page: Page, demo_server: DemoServer) -> None:
    page.goto(f"{demo_server.url}/")
    page.locator("a.place", has_text="Tones").click()
    page.wait_for_function("() => window.earshot?.state.phase === 'idle'")
    page.locator("#play").click()
    page.wait_for_function("() => window.earshot.state.phase === 'open'")
