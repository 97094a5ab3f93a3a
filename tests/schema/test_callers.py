"""A browser's cookie counts only when one of our own pages sent it; a token always."""

import pytest
from django.contrib.auth import SESSION_KEY
from django.test import Client

from backend.accounts.actions import issue_token
from backend.accounts.tokens import digest_of
from backend.errors import NotAuthenticated
from backend.resources.viewer import ANONYMOUS
from realtime.standing import Admitted, Credential
from schema.callers import CsrfFailed, caller, socket_caller
from schema.http_messages import Request

pytestmark = pytest.mark.django_db

CSRF = "a" * 32
OWN = "http://testserver"
EVIL = "https://evil.example"


@pytest.fixture
def curator(cast):
    return cast.curator


@pytest.fixture
def session(curator):
    client = Client()
    client.force_login(curator)
    return client.cookies["sessionid"].value


def request(method="POST", *, scheme="http", content_type="application/json", **headers):
    headers = {"host": "testserver", "content-type": content_type, **headers}
    pairs = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    return Request.of({"method": method, "path": "/graphql/", "scheme": scheme, "headers": pairs})


def cookies(session, csrf=CSRF):
    return f"sessionid={session}; csrftoken={csrf}"


class TestPost:
    @pytest.mark.parametrize("content_type", ["application/json", "multipart/form-data; boundary=x"])
    def test_a_cookie_with_the_token_of_our_page_is_its_user(self, session, curator, content_type):
        asked = request(cookie=cookies(session), x_csrftoken=CSRF, content_type=content_type)
        assert caller(asked) == curator
        assert caller(request(cookie=cookies(session), x_csrftoken=CSRF, origin=OWN)) == curator

    @pytest.mark.parametrize(
        "headers",
        [{}, {"x_csrftoken": "b" * 32}, {"x_csrftoken": ""}, {"x_csrftoken": CSRF, "origin": EVIL}, {"origin": OWN}],
    )
    def test_without_it_the_request_is_refused(self, session, headers):
        with pytest.raises(CsrfFailed):
            caller(request(cookie=cookies(session), **headers))

    def test_a_token_without_its_cookie_proves_nothing(self, session):
        with pytest.raises(CsrfFailed):
            caller(request(cookie=f"sessionid={session}", x_csrftoken=CSRF))

    def test_behind_tls_the_page_must_be_of_the_public_address(self, session, curator, settings):
        settings.CSRF_TRUSTED_ORIGINS = ["https://earshot.example"]
        given = {"cookie": cookies(session), "x_csrftoken": CSRF}
        assert caller(request(origin="https://earshot.example", **given)) == curator
        with pytest.raises(CsrfFailed):
            caller(request(scheme="https", **given))

    def test_one_who_sends_a_token_needs_no_other(self, session, cast):
        token = issue_token(cast.contributor)
        asked = request(cookie=cookies(session), authorization=f"Token {token}", origin=EVIL)
        assert caller(asked) == cast.contributor

    def test_a_wrong_token_is_not_made_up_for_by_a_cookie(self, session):
        with pytest.raises(NotAuthenticated):
            caller(request(cookie=cookies(session), x_csrftoken=CSRF, authorization="Token " + 40 * "0"))

    @pytest.mark.parametrize("cookie", ["", "sessionid=", "sessionid=unknown", "csrftoken=x", "sessionid=\x00; =;;"])
    def test_a_cookie_of_nobody_is_nobody(self, cast, cookie):
        assert caller(request(cookie=cookie)) is ANONYMOUS

    def test_one_who_is_no_longer_active_is_nobody(self, session, curator):
        curator.is_active = False
        curator.save()
        assert caller(request(cookie=cookies(session), x_csrftoken=CSRF)) is ANONYMOUS

    def test_a_session_ends_with_the_password(self, session, curator, quick_passwords):
        curator.set_password("another")
        curator.save()
        assert caller(request(cookie=cookies(session), x_csrftoken=CSRF)) is ANONYMOUS


class TestGet:
    def test_a_cookie_counts_for_our_own_pages(self, session, curator):
        assert caller(request("GET", cookie=cookies(session), sec_fetch_site="same-origin")) == curator

    @pytest.mark.parametrize("headers", [{}, {"sec_fetch_site": "cross-site"}, {"sec_fetch_site": "same-site"}])
    def test_and_for_no_others(self, session, headers):
        assert caller(request("GET", cookie=cookies(session), **headers)) is ANONYMOUS

    def test_a_token_counts_always(self, cast):
        token = issue_token(cast.contributor)
        assert caller(request("GET", authorization=f"Bearer {token}", sec_fetch_site="cross-site")) == cast.contributor


class TestSockets:
    def handshake(self, session, origin):
        headers = {"host": "testserver", "cookie": cookies(session)}
        return socket_caller(headers if origin is None else {**headers, "origin": origin}, None)

    def admitted(self, curator, session):
        return Admitted(curator, Credential(session_key=session))

    @pytest.mark.parametrize("origin", [OWN, "https://testserver"])
    def test_a_cookie_counts_for_our_own_pages(self, session, curator, origin):
        assert self.handshake(session, origin) == self.admitted(curator, session)

    def test_also_where_the_host_is_another_behind_a_proxy(self, session, curator, settings):
        settings.PUBLIC_URL = "https://earshot.example/"
        assert self.handshake(session, "https://earshot.example") == self.admitted(curator, session)

    @pytest.mark.parametrize("origin", [None, EVIL, "null", "http://testserver.evil.example"])
    def test_and_for_no_others_even_where_these_may_connect(self, session, settings, origin):
        settings.CORS_ALLOW_ALL_ORIGINS = True
        assert self.handshake(session, origin) == Admitted()

    def test_a_token_counts_always(self, session, cast):
        token = issue_token(cast.contributor)
        expected = Admitted(cast.contributor, Credential(token_digest=digest_of(token)))
        for header in (f"Token {token}", f" bearer  {token} "):
            assert socket_caller({"cookie": cookies(session)}, header) == expected

    def test_another_scheme_says_nothing(self):
        assert socket_caller({}, "Basic eDp5") == Admitted()


def test_the_session_is_only_read(session):
    from django.contrib.sessions.models import Session

    before = Session.objects.get().session_data
    caller(request(cookie=cookies(session), x_csrftoken=CSRF))
    row = Session.objects.get()
    assert row.session_data == before
    assert SESSION_KEY in row.get_decoded()
