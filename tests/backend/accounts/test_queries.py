"""People, sought by what they are called."""

import pytest

from backend.accounts.models import User
from backend.accounts.queries import people_named
from backend.accounts.resources import USER
from backend.errors import InvalidInput
from tests.cast import make_user


@pytest.fixture
def eve(walk):
    return make_user("listener-7", first_name="Ève", last_name="STRASSE", email="eve@example.org")


@pytest.mark.parametrize("text", ["ève", "ÈVE", "STRASSE", "Straße", "EVE@EXAMPLE", "listener-7", "ER-7"])
def test_somebody_is_found_by_each_name_in_any_capitals(eve, cast, text):
    assert list(people_named(User.objects.all(), text)) == [eve]


def test_signs_of_a_pattern_are_letters_like_others(eve, cast):
    for text in ("%", "_", "listener%7", "l_stener"):
        assert list(people_named(User.objects.all(), text)) == []


def test_among_those_who_are_not_seen_nobody_is_found(eve, cast):
    assert list(people_named(USER.rows(cast.stranger), "eve@example")) == []
    assert list(people_named(USER.rows(cast.curator), "eve@example")) == [eve]
    assert list(people_named(USER.rows(eve), "eve@example")) == [eve]


@pytest.mark.parametrize("text", ["a\x00b", "\ud800", "x" * 257, 3])
def test_what_is_no_text_is_refused_in_its_field(db, text):
    with pytest.raises(InvalidInput) as refusal:
        people_named(User.objects.all(), text, field="user_str")
    assert refusal.value.field == "user_str"
