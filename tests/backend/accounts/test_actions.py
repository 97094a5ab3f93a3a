"""Devices register, staff log in, tokens are given and taken back."""

import pytest
from django.contrib.auth.hashers import MD5PasswordHasher

from backend.accounts import actions
from backend.accounts.models import DeviceProfile, Token, User
from backend.accounts.throttle import MOST_TRIES, LoginThrottled
from backend.accounts.tokens import authenticate
from backend.errors import InvalidInput, NotAuthenticated, NotFound
from backend.resources.viewer import ANONYMOUS

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick_passwords")]

UUID = "9b2f6c1e-4a57-4d38-8e0b-6f1d2c3a4b5c"


@pytest.fixture
def known_devices_open(settings):
    settings.KNOWN_DEVICE_LOGIN = True


def test_a_device_gets_an_account_and_a_token_that_opens_it():
    user, raw_token = actions.register_device(UUID, "web", first_name="Aino", email="aino@example.org")
    assert authenticate(raw_token) == user
    assert (user.first_name, user.email, user.is_staff) == ("Aino", "aino@example.org", False)
    assert (user.device_profile.device_id, user.device_profile.client_type) == (UUID, "web")
    assert not user.has_usable_password()


def test_the_raw_token_is_40_hex_digits_and_is_stored_nowhere():
    _, raw_token = actions.register_device(UUID, "web")
    assert len(raw_token) == 40
    assert int(raw_token, 16) > 0
    assert not Token.objects.filter(digest__contains=raw_token).exists()


def test_the_name_of_an_account_does_not_tell_its_device():
    user, _ = actions.register_device(UUID, "web")
    assert UUID[-4:] not in user.username


def test_a_known_device_id_opens_nobodys_account_by_default():
    first, _ = actions.register_device(UUID, "web")
    second, _ = actions.register_device(UUID, "web")
    assert first != second


@pytest.mark.parametrize("device_id", [UUID, UUID.upper(), "0123456789abcdef", "A1B2C3D4E5F60718293a"])
def test_where_it_is_allowed_a_known_device_gets_its_account_and_a_new_token(known_devices_open, device_id):
    first, first_token = actions.register_device(device_id, "web")
    second, second_token = actions.register_device(device_id, "ios")
    assert first == second
    assert first_token != second_token
    assert authenticate(first_token) == authenticate(second_token) == first
    assert first.device_profile.client_type == "web"


@pytest.mark.parametrize(
    "device_id",
    [
        "00000000000000",
        "00000000-0000-0000-0000-000000000000",
        "1212121212121212",
        "0123456789abcde",
        "0123456789abcdeg",
        f"{UUID} ",
        "my phone",
    ],
)
def test_an_id_that_many_devices_share_gets_a_fresh_account_each_time(known_devices_open, device_id):
    first, _ = actions.register_device(device_id, "web")
    second, _ = actions.register_device(device_id, "web")
    assert first != second


@pytest.mark.parametrize("change", [{"is_staff": True}, {"is_superuser": True}, {"is_active": False}])
def test_a_device_id_never_opens_an_account_of_staff_or_one_that_is_barred(known_devices_open, change):
    first, _ = actions.register_device(UUID, "web")
    User.objects.filter(pk=first.pk).update(**change)
    second, _ = actions.register_device(UUID, "web")
    assert first != second


def test_a_device_id_never_opens_an_account_that_was_claimed_with_a_password(known_devices_open):
    first, _ = actions.register_device(UUID, "web")
    first.set_password("a long secret")
    first.save()
    assert actions.register_device(UUID, "web")[0] != first


@pytest.mark.parametrize(
    ("device_id", "client_type", "field"),
    [
        ("", "web", "device_id"),
        ("x" * 256, "web", "device_id"),
        (UUID, "x" * 256, "client_type"),
        ("a\x00b", "web", "device_id"),
    ],
)
def test_a_device_that_cannot_be_stored_is_refused_and_leaves_nothing(device_id, client_type, field):
    with pytest.raises(InvalidInput) as refusal:
        actions.register_device(device_id, client_type)
    assert refusal.value.field == field
    assert (User.objects.count(), DeviceProfile.objects.count(), Token.objects.count()) == (0, 0, 0)


def test_an_address_that_is_none_is_refused():
    with pytest.raises(InvalidInput) as refusal:
        actions.register_device(UUID, "web", email="nobody")
    assert refusal.value.field == "email"


class TestLogin:
    def test_whoever_knows_the_password_gets_the_account_and_a_token(self):
        curator = User.objects.create_user("curator", password="a long secret", is_staff=True)
        user, raw_token = actions.log_in("curator", "a long secret")
        assert user == authenticate(raw_token) == curator

    @pytest.mark.parametrize(
        ("username", "password"),
        [("curator", "wrong"), ("nobody", "a long secret"), ("curator", ""), ("cura\x00tor", "a long secret")],
    )
    def test_a_wrong_name_or_password_gets_none(self, username, password):
        User.objects.create_user("curator", password="a long secret")
        with pytest.raises(NotAuthenticated) as refusal:
            actions.log_in(username, password)
        assert refusal.value.message == "Unable to log in with provided credentials."
        assert not Token.objects.exists()

    def test_an_account_without_a_password_cannot_be_logged_in_to(self):
        user, _ = actions.register_device(UUID, "web")
        with pytest.raises(NotAuthenticated):
            actions.log_in(user.username, "")
        assert Token.objects.count() == 1

    def test_an_account_that_is_barred_cannot_be_logged_in_to(self):
        User.objects.create_user("curator", password="a long secret", is_active=False)
        with pytest.raises(NotAuthenticated):
            actions.log_in("curator", "a long secret")

    def test_a_name_of_no_account_costs_one_hash_like_another(self, monkeypatch):
        User.objects.create_user("curator", password="a long secret")
        hashed = []
        encode = MD5PasswordHasher.encode
        monkeypatch.setattr(MD5PasswordHasher, "encode", lambda *given: hashed.append(given[1]) or encode(*given))
        for username in ("curator", "nobody"):
            with pytest.raises(NotAuthenticated):
                actions.log_in(username, "a guess")
        assert hashed == ["a guess", "a guess"]

    @pytest.mark.parametrize("username", ["curator", "nobody"])
    def test_after_too_many_tries_even_the_password_does_not_help(self, username):
        User.objects.create_user("curator", password="a long secret")
        for _ in range(MOST_TRIES):
            with pytest.raises(NotAuthenticated):
                actions.log_in(username, "wrong")
        with pytest.raises(LoginThrottled) as refusal:
            actions.log_in(username, "a long secret")
        assert (refusal.value.code, refusal.value.field) == ("LOGIN_THROTTLED", "username")
        assert not Token.objects.exists()

    def test_the_tries_of_one_account_do_not_close_another(self):
        User.objects.create_user("curator", password="a long secret")
        for _ in range(MOST_TRIES + 1):
            with pytest.raises((NotAuthenticated, LoginThrottled)):
                actions.log_in("nobody", "wrong")
        actions.log_in("curator", "a long secret")

    def test_whoever_logs_in_starts_afresh(self):
        User.objects.create_user("curator", password="a long secret")
        for _ in range(2):
            for _ in range(MOST_TRIES - 1):
                with pytest.raises(NotAuthenticated):
                    actions.log_in("curator", "wrong")
            actions.log_in("curator", "a long secret")


def test_a_revoked_token_opens_nothing_and_the_others_go_on():
    user, first_token = actions.register_device(UUID, "web")
    second_token = actions.issue_token(user)
    revoked = actions.revoke_token(first_token, viewer=user)
    assert authenticate(first_token) is None
    assert authenticate(second_token) == user
    assert Token.objects.get(revoked_at__isnull=False) == revoked


def test_a_token_is_revoked_by_its_id_where_it_itself_is_lost():
    user, raw_token = actions.register_device(UUID, "web")
    actions.revoke_token(str(Token.objects.get().pk), viewer=user)
    assert authenticate(raw_token) is None


@pytest.mark.parametrize("name", ["raw", "id"])
def test_nobody_revokes_anothers_token(name):
    user, raw_token = actions.register_device(UUID, "web")
    stranger, _ = actions.register_device("another device", "web")
    curator = User.objects.create_user("curator", is_staff=True)
    token = raw_token if name == "raw" else str(user.tokens.get().pk)
    for viewer in (stranger, curator, ANONYMOUS):
        with pytest.raises(NotFound) as refusal:
            actions.revoke_token(token, viewer=viewer)
        assert refusal.value.field == "token"
    assert authenticate(raw_token) == user


@pytest.mark.parametrize("token", ["", "0" * 40, "9" * 30, "-1", "one"])
def test_what_is_no_token_is_not_found(token):
    user, _ = actions.register_device(UUID, "web")
    with pytest.raises(NotFound):
        actions.revoke_token(token, viewer=user)
    assert not Token.objects.filter(revoked_at__isnull=False).exists()


def test_a_token_is_revoked_once():
    user, raw_token = actions.register_device(UUID, "web")
    revoked_at = actions.revoke_token(raw_token, viewer=user).revoked_at
    with pytest.raises(NotFound):
        actions.revoke_token(raw_token, viewer=user)
    assert Token.objects.get().revoked_at == revoked_at
