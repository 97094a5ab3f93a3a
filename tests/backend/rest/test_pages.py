"""What people see who open an address of the door in a browser."""

import re

import pytest
from django.test import Client

from backend.accounts.models import User
from backend.tagging.models import TagCategory
from tests.backend.rest.conftest import Caller
from tests.backend.rest.rulings import ruling
from tests.cast import Cast, Walk

BROWSER = {"accept": "text/html,application/xhtml+xml,*/*;q=0.8"}


@pytest.fixture
def browser(cast: Cast) -> Client:
    """The curator's, logged in by the ordinary login page."""
    client = Client(headers=BROWSER, enforce_csrf_checks=True)
    client.force_login(cast.curator)
    return client


@ruling("The root")
def test_the_root_names_every_list(nobody: Caller) -> None:
    lists = nobody.get("").json()
    assert len(lists) == 21
    assert lists["tags"] == "http://testserver/api/2/tags/"


def test_a_browser_is_shown_a_page_with_the_rows_and_a_form(browser: Client, walk: Walk) -> None:
    page = browser.get("/api/2/tags/")
    text = page.content.decode()
    assert (page.status_code, page["Content-Type"]) == (200, "text/html; charset=utf-8")
    assert "<title>Tag Collection – Earshot</title>" in text
    assert "sea" in text
    assert 'name="tag_category_id"' in text


def test_a_page_is_made_of_what_lies_here(browser: Client, walk: Walk) -> None:
    text = browser.get("/api/2/tags/").content.decode()
    loaded = re.findall(r'<(?:script|img)[^>]* src="([^"]*)"|<link[^>]* href="([^"]*)"', text)
    addresses = [script or style for script, style in loaded]
    assert len(addresses) >= 8
    assert [address for address in addresses if not address.startswith("/static/rest_framework/")] == []


def test_programs_are_given_json_by_the_same_address(browser: Client, walk: Walk) -> None:
    answer = browser.get("/api/2/tags/", headers={"accept": "*/*"})
    assert answer["Content-Type"] == "application/json"


def test_a_cookie_changes_nothing_without_the_secret_of_its_page(browser: Client, walk: Walk) -> None:
    before = TagCategory.objects.count()
    answer = browser.post("/api/2/tagcategories/", {"name": "x"}, headers={"accept": "application/json"})
    assert (answer.status_code, TagCategory.objects.count()) == (403, before)
    assert "CSRF" in answer.json()["detail"]


def test_options_tell_what_may_be_sent(nobody: Caller, walk: Walk) -> None:
    told = nobody.http.options("/api/2/tagcategories/").json()
    assert told["parses"] == ["application/json", "application/x-www-form-urlencoded", "multipart/form-data"]
    assert "description" in told


def test_who_is_logged_in_reads_as_themselves(browser: Client, cast: Cast) -> None:
    accounts = browser.get("/api/2/users/", headers={"accept": "application/json"}).json()
    assert len(accounts) == User.objects.count()
