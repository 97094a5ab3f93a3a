"""Who sees an account: its owner and staff."""

from backend.accounts.actions import issue_token
from backend.accounts.resources import DEVICE_PROFILE, TOKEN, USER
from backend.resources.viewer import ANONYMOUS


def test_people_see_and_write_their_own_account_and_staff_all(cast):
    assert list(USER.rows(cast.stranger)) == [cast.stranger]
    assert set(USER.rows(cast.curator)) == set(vars(cast).values())
    assert list(USER.rows(ANONYMOUS)) == []
    may = {viewer.username: USER.may_write(viewer, cast.contributor) for viewer in vars(cast).values()}
    assert may == {"owner": False, "contributor": True, "stranger": False, "curator": True}


def test_a_device_is_seen_as_its_user_is(cast):
    profile = cast.contributor.device_profile
    seen = {viewer.username for viewer in vars(cast).values() if profile in DEVICE_PROFILE.rows(viewer)}
    assert seen == {"contributor", "curator"}
    assert not DEVICE_PROFILE.may_write(cast.owner, profile)


def test_tokens_are_seen_by_nobody_else(cast):
    issue_token(cast.contributor)
    token = cast.contributor.tokens.get()
    assert list(TOKEN.rows(cast.contributor)) == [token]
    assert list(TOKEN.rows(cast.curator)) == []
    assert TOKEN.may_write(cast.contributor, token)
    assert not TOKEN.may_write(cast.curator, token)
