"""Who runs a project logs in to the pages; nobody may try passwords without end, whatever the door."""

import pytest
from django.contrib.auth import SESSION_KEY
from django.test import Client

from backend.accounts.actions import log_in
from backend.accounts.throttle import MOST_TRIES, LoginThrottled
from tests.cast import Cast, Walk

pytestmark = pytest.mark.django_db
PASSWORD, WRONG = "the right one", "another one"
PAGES = ["/login/", "/admin/login/"]


@pytest.fixture(autouse=True)
def passwords(quick_passwords: None, cast: Cast) -> None:
    for user in (cast.owner, cast.curator):
        user.set_password(PASSWORD)
        user.save()


def is_known(client: Client) -> bool:
    return SESSION_KEY in client.session


def test_an_owner_who_is_no_staff_comes_to_the_dashboard(client: Client, cast: Cast, walk: Walk) -> None:
    live = f"/live/{walk.project.pk}"
    asked = client.get(client.get(live).headers["Location"])
    assert asked.status_code == 200
    assert "default-src 'self'" in asked.headers["Content-Security-Policy"]
    assert f'name="next" value="{live}"' in asked.content.decode()
    answer = client.post("/login/", {"username": cast.owner.username, "password": PASSWORD, "next": live}, follow=True)
    assert (answer.redirect_chain, answer.status_code) == ([(live, 302)], 200)


def test_who_logs_out_is_known_no_more(client: Client, cast: Cast) -> None:
    client.force_login(cast.owner)
    assert f"You are {cast.owner.username}." in client.get("/").content.decode()
    assert client.get("/logout/").status_code == 405
    assert is_known(client)
    assert client.post("/logout/").headers["Location"] == "/"
    assert not is_known(client)
    assert 'href="/login/"' in client.get("/").content.decode()


@pytest.mark.parametrize("elsewhere", ["//evil.example/", "https://evil.example/", "javascript:alert(1)"])
def test_a_login_leads_to_no_other_host(client: Client, cast: Cast, elsewhere: str) -> None:
    given = {"username": cast.owner.username, "password": PASSWORD, "next": elsewhere}
    assert client.post("/login/", given).headers["Location"] == "/"


def test_a_form_of_another_site_logs_nobody_in(cast: Cast) -> None:
    client = Client(enforce_csrf_checks=True)
    assert client.post("/login/", {"username": cast.owner.username, "password": PASSWORD}).status_code == 403
    assert not is_known(client)


@pytest.mark.parametrize("page", PAGES)
def test_a_wrong_password_is_said(client: Client, cast: Cast, page: str) -> None:
    answer = client.post(page, {"username": cast.curator.username, "password": WRONG})
    assert answer.status_code == 200
    assert "Please enter" in answer.content.decode()
    assert not is_known(client)


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("given", [{}, {"username": "", "password": ""}, {"username": "a\0b", "password": "x"}])
def test_what_is_no_name_is_refused(client: Client, page: str, given: dict[str, str]) -> None:
    assert client.post(page, given).status_code == 200
    assert not is_known(client)


@pytest.mark.parametrize("page", PAGES)
def test_a_password_is_tried_so_often_at_all_doors_together(client: Client, cast: Cast, page: str) -> None:
    tries = [client.post(page, {"username": cast.curator.username, "password": WRONG}) for _ in range(MOST_TRIES)]
    assert not [each for each in tries if "Too many tries" in each.content.decode()]
    refused = client.post(page, {"username": cast.curator.username, "password": PASSWORD})
    assert "Too many tries for this account; try again in 15 minutes." in refused.content.decode()
    assert not is_known(client)
    with pytest.raises(LoginThrottled):
        log_in(cast.curator.username, PASSWORD)


def test_who_knows_the_password_starts_afresh(client: Client, cast: Cast) -> None:
    for _ in range(2):
        for _ in range(MOST_TRIES - 1):
            client.post("/login/", {"username": cast.owner.username, "password": WRONG})
        client.post("/login/", {"username": cast.owner.username, "password": PASSWORD})
        assert is_known(client)
        client.logout()


def test_the_admin_stays_closed_to_owners(client: Client, cast: Cast) -> None:
    client.post("/admin/login/", {"username": cast.owner.username, "password": PASSWORD})
    assert not is_known(client)
