"""The pages as a browser without JavaScript gets them."""

import re
from base64 import b64decode

import pytest
from django.test import Client

from backend.projects.models import Project
from backend.web.graphiql import GRAPHIQL_HEADERS, graphiql_html

pytestmark = pytest.mark.django_db


@pytest.fixture
def tones() -> Project:
    return Project.objects.create(name="Tones <&>", latitude=60.17, longitude=24.94)


def test_the_first_page_leads_to_every_place_and_to_what_makers_need(client: Client, tones: Project) -> None:
    html = client.get("/").content.decode()
    assert re.findall(r'href="(/[^s"][^"]*)"', html) == [f"/listen/{tones.pk}", "/login/", "/graphql/", "/admin/"]
    assert "Tones &lt;&amp;&gt;" in html


def test_the_first_page_of_an_empty_site_says_where_to_begin(client: Client) -> None:
    assert "There is no project yet." in client.get("/").content.decode()


def test_the_listening_page_names_its_project_by_its_global_id(client: Client, tones: Project) -> None:
    html = client.get(f"/listen/{tones.pk}").content.decode()
    named = re.search(r'data-project-id="([^"]+)"', html)
    assert named and b64decode(named[1]).decode() == f"Project:{tones.pk}"
    assert "<h1>Tones &lt;&amp;&gt;</h1>" in html


def test_a_project_that_does_not_exist_is_not_found_in_a_sentence(client: Client) -> None:
    answer = client.get("/listen/99")
    assert answer.status_code == 404
    assert "There is nothing here." in answer.content.decode()


def test_a_browser_that_guesses_the_icons_address_is_shown_it(client: Client) -> None:
    answer = client.get("/favicon.ico")
    assert (answer.status_code, answer.headers["Location"]) == (301, "/static/web/icon.svg")


def test_pages_are_only_read(client: Client, tones: Project) -> None:
    assert client.post(f"/listen/{tones.pk}").status_code == 405


def test_the_listening_page_may_reach_this_server_and_the_audio_alone(client: Client, tones: Project) -> None:
    policy = client.get(f"/listen/{tones.pk}").headers["Content-Security-Policy"]
    directives = dict(part.split(" ", 1) for part in policy.split("; "))
    assert directives["default-src"] == "'self'"
    assert directives["connect-src"] == "'self' ws://testserver http://audio.testserver"
    assert directives["media-src"] == "'self' blob: http://audio.testserver http://testserver"
    assert "script-src" not in directives
    assert "unsafe" not in policy


@pytest.mark.parametrize("path", ["/", "/listen/{}", "graphiql"])
def test_no_page_has_inline_code_or_names_another_host(client: Client, tones: Project, path: str) -> None:
    html = graphiql_html("/graphql/") if path == "graphiql" else client.get(path.format(tones.pk)).content.decode()
    assert not re.findall(r"<script(?![^>]*\bsrc=)", html)
    assert not re.findall(r"\son\w+=|<style|\sstyle=", html)
    assert not re.findall(r'(?:src|href)="(?:https?:)?//', html)


def test_graphiql_asks_the_address_that_it_is_given() -> None:
    assert 'data-graphql-url="/graphql/"' in graphiql_html("/graphql/")
    assert "default-src 'self'" in GRAPHIQL_HEADERS["content-security-policy"]
