"""What once opened a socket is asked about again: a token, a login."""

import pytest
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from backend.accounts.actions import issue_token, revoke_token
from backend.accounts.tokens import digest_of
from realtime import standing
from realtime.standing import Credential, Rights, rights_of
from tests.cast import make_cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast():
    return make_cast()


def of(user):
    return Rights(user.pk, user.is_staff)


def by_token(user):
    return Credential(token_digest=digest_of(issue_token(user)))


def by_login(user):
    browser = Client()
    browser.force_login(user)
    return Credential(session_key=browser.cookies["sessionid"].value)


@pytest.mark.parametrize("opened", [by_token, by_login])
class TestEither:
    def test_opens_its_user(self, cast, opened):
        mine, theirs = opened(cast.curator), opened(cast.stranger)
        assert rights_of({mine, theirs}) == {mine: of(cast.curator), theirs: of(cast.stranger)}

    def test_opens_nobody_when_the_user_is_deactivated(self, cast, opened):
        mine, theirs = opened(cast.curator), opened(cast.stranger)
        cast.curator.is_active = False
        cast.curator.save()
        assert rights_of({mine, theirs}) == {theirs: of(cast.stranger)}

    def test_opens_nobody_when_the_user_is_deleted(self, cast, opened):
        credential = opened(cast.stranger)
        cast.stranger.delete()
        assert rights_of({credential}) == {}

    def test_shows_the_rights_of_now(self, cast, opened):
        credential = opened(cast.curator)
        assert rights_of({credential})[credential].is_staff
        type(cast.curator).objects.update(is_staff=False)
        assert not rights_of({credential})[credential].is_staff


def test_a_revoked_token_opens_nobody(cast):
    token, other = issue_token(cast.stranger), by_token(cast.stranger)
    credential = Credential(token_digest=digest_of(token))
    revoke_token(token, viewer=cast.stranger)
    assert rights_of({credential, other}) == {other: of(cast.stranger)}


class TestLogin:
    def test_one_that_was_ended_opens_nobody(self, cast):
        browser = Client()
        browser.force_login(cast.curator)
        credential = Credential(session_key=browser.cookies["sessionid"].value)
        browser.logout()
        assert rights_of({credential}) == {}

    def test_one_that_has_expired_opens_nobody(self, cast):
        credential = by_login(cast.curator)
        Session.objects.update(expire_date=timezone.now())
        assert rights_of({credential}) == {}

    def test_a_new_password_ends_all(self, cast, quick_passwords):
        credential = by_login(cast.curator)
        cast.curator.set_password("another one")
        cast.curator.save()
        assert rights_of({credential}) == {}

    def test_one_of_nobody_opens_nobody(self, cast):
        credential = by_login(cast.curator)
        row = Session.objects.get()
        row.session_data = Session.objects.encode({SESSION_KEY: "", "other": 1})
        row.save()
        assert rights_of({credential}) == {}


def test_one_look_is_one_statement_for_tokens_and_two_more_for_logins(cast, django_assert_num_queries):
    tokens = {by_token(user) for user in (cast.owner, cast.curator, cast.stranger)}
    logins = {by_login(user) for user in (cast.owner, cast.curator)}
    with django_assert_num_queries(0):
        assert rights_of(set()) == {}
    with django_assert_num_queries(1):
        assert len(rights_of(tokens)) == 3
    with django_assert_num_queries(3):
        assert len(rights_of(tokens | logins)) == 5


def test_many_are_asked_about_some_at_a_time(cast, monkeypatch):
    monkeypatch.setattr(standing, "MOST_AT_ONCE", 2)
    credentials = {by_token(cast.stranger) for _ in range(5)}
    assert rights_of(credentials) == dict.fromkeys(credentials, of(cast.stranger))
