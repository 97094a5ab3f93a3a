"""Who gets the dashboard, and what it may reach."""

import re
from base64 import b64decode

import pytest
from django.test import Client

from tests.cast import Cast, Walk, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def path(walk: Walk) -> str:
    return f"/live/{walk.project.pk}"


def test_nobody_known_is_sent_to_the_login_and_back(client: Client, path: str) -> None:
    answer = client.get(path)
    assert (answer.status_code, answer.headers["Location"]) == (302, f"/login/?next={path}")


def test_whoever_may_not_edit_the_project_is_told_so(client: Client, cast: Cast, path: str) -> None:
    for user in (cast.contributor, cast.stranger):
        client.force_login(user)
        answer = client.get(path)
        assert answer.status_code == 403
        html = answer.content.decode()
        assert f"You are logged in as {user.username}" in html
        assert f'href="/login/?next={path}"' in html
        assert "data-graphql-url" not in html


def test_its_owners_and_staff_get_it(client: Client, cast: Cast, path: str, walk: Walk) -> None:
    for user in (cast.owner, cast.curator):
        client.force_login(user)
        answer = client.get(path)
        assert answer.status_code == 200
        named = re.search(r'data-project-id="([^"]+)"', answer.content.decode())
        assert named and b64decode(named[1]).decode() == f"Project:{walk.project.pk}"
        # What the page asks for is asked in the name of the login, with this beside it.
        assert "csrftoken" in answer.cookies


def test_the_engines_load_and_the_admin_are_for_staff(client: Client, cast: Cast, path: str) -> None:
    client.force_login(cast.owner)
    html = client.get(path).content.decode()
    assert ('id="chart-load"' in html, "/admin/projects/" in html) == (False, False)
    client.force_login(cast.curator)
    html = client.get(path).content.decode()
    assert ('id="chart-load"' in html, "/admin/projects/" in html) == (True, True)


def test_a_project_that_does_not_exist_is_not_found_before_anybody_logs_in(client: Client) -> None:
    assert client.get("/live/99999").status_code == 404


def test_it_is_only_read_and_not_kept(client: Client, cast: Cast, path: str) -> None:
    client.force_login(cast.owner)
    assert client.post(path).status_code == 405
    assert "no-store" in client.get(path).headers["Cache-Control"]


def test_it_may_reach_this_server_and_the_files_alone(client: Client, cast: Cast, path: str) -> None:
    client.force_login(cast.owner)
    policy = client.get(path).headers["Content-Security-Policy"]
    directives = dict(part.split(" ", 1) for part in policy.split("; "))
    assert directives["default-src"] == "'self'"
    assert directives["connect-src"] == "'self' http://testserver ws://testserver"
    assert directives["media-src"] == "'self' http://testserver"
    assert directives["img-src"] == "'self' http://testserver data:"
    assert "script-src" not in directives
    assert "unsafe" not in policy


@pytest.mark.parametrize("who", ["owner", "stranger"])
def test_neither_page_has_inline_code_or_names_another_host(client: Client, cast: Cast, path: str, who: str) -> None:
    client.force_login(getattr(cast, who))
    html = client.get(path).content.decode()
    assert not re.findall(r"<script(?![^>]*\bsrc=)", html)
    assert not re.findall(r"\son\w+=|<style|\sstyle=", html)
    assert not re.findall(r'(?:src|href)="(?:https?:)?//', html)


def test_the_list_of_places_leads_there_whoever_may_edit_them(client: Client, cast: Cast, path: str) -> None:
    assert path not in client.get("/").content.decode()
    client.force_login(cast.stranger)
    assert path not in client.get("/").content.decode()
    client.force_login(cast.owner)
    assert path in client.get("/").content.decode()


def test_the_admins_page_of_a_project_leads_there(client: Client, path: str, walk: Walk) -> None:
    client.force_login(make_user("boss", is_staff=True, is_superuser=True))
    html = client.get(f"/admin/projects/project/{walk.project.pk}/change/").content.decode()
    assert f'<a href="{path}">Live view</a>' in html
