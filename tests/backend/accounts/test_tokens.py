"""Whom an Authorization header opens."""

import pytest

from backend.accounts.actions import issue_token
from backend.accounts.tokens import authenticate, user_from_authorization
from backend.errors import NotAuthenticated

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("scheme", ["Token", "token", "TOKEN", "Bearer", "bearer"])
def test_both_schemes_in_any_case_open_the_account(cast, scheme):
    raw_token = issue_token(cast.contributor)
    assert user_from_authorization(f"{scheme} {raw_token}") == cast.contributor
    assert user_from_authorization(f"  {scheme}   {raw_token} ") == cast.contributor


@pytest.mark.parametrize("header", [None, "", "Basic dXNlcjpwYXNz", "Tokenx abc", "abcdef"])
def test_a_header_that_says_nothing_to_us_is_nobody(header):
    assert user_from_authorization(header) is None


@pytest.mark.parametrize("header", ["Token", "Token ", "Bearer nonsense", f"Token {'0' * 40}", "Token a b", "Token ä"])
def test_a_bad_token_is_refused(cast, header):
    issue_token(cast.contributor)
    with pytest.raises(NotAuthenticated):
        user_from_authorization(header)


def test_the_stored_digest_is_no_token(cast):
    issue_token(cast.contributor)
    assert authenticate(cast.contributor.tokens.get().digest) is None


def test_a_barred_user_is_not_let_in(cast):
    raw_token = issue_token(cast.contributor)
    cast.contributor.is_active = False
    cast.contributor.save()
    assert authenticate(raw_token) is None
