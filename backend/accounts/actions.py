"""How people come in: devices register, staff log in, tokens are given and taken back."""

import re
import secrets

from django.conf import settings
from django.contrib.auth import authenticate as check_password
from django.db import transaction
from django.utils import timezone

from backend.accounts.models import DeviceProfile, Token, User
from backend.accounts.resources import TOKEN
from backend.accounts.throttle import count_try, forget_tries
from backend.accounts.tokens import digest_of, new_raw_token
from backend.errors import InvalidInput, NotAuthenticated, NotFound
from backend.resources.cleaning import cleaned
from backend.resources.viewer import Viewer

UUID_PATTERN = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
HEX_PATTERN = re.compile(r"[0-9a-f]{16,}", re.IGNORECASE)
# Placeholders such as 00000000000000 or a keyboard's 123123… are shared by many devices.
FEWEST_DISTINCT_DIGITS = 6


@transaction.atomic
def register_device(
    device_id: str, client_type: str, *, first_name: str = "", last_name: str = "", email: str = ""
) -> tuple[User, str]:
    """An account for this device, and a raw token that opens it.

    A known device id opens its account again only where `settings.KNOWN_DEVICE_LOGIN` allows that.
    """
    if not device_id:
        raise InvalidInput("A device_id is required.", field="device_id")
    user = _known_user(device_id)
    if user is None:
        user = _new_user(first_name=first_name, last_name=last_name, email=email)
        cleaned(DeviceProfile(user=user, device_id=device_id, client_type=client_type)).save()
    return user, issue_token(user)


def issue_token(user: User) -> str:
    """A further raw token of this user: 40 hex digits, shown once, valid until it is revoked."""
    raw_token = new_raw_token()
    Token.objects.create(user=user, digest=digest_of(raw_token))
    return raw_token


def log_in(username: str, password: str) -> tuple[User, str]:
    """The account of whoever knows its password, and a raw token that opens it.

    Raises NotAuthenticated, also for a name of no account (after as long a time), and LoginThrottled.
    """
    count_try(username)
    # PostgreSQL cannot look for a null character; no name has one.
    user = None if "\x00" in username else check_password(username=username, password=password)
    if not isinstance(user, User):
        raise NotAuthenticated("Unable to log in with provided credentials.")
    forget_tries(username)
    return user, issue_token(user)


def revoke_token(token: str, *, viewer: Viewer) -> Token:
    """The token opens nothing from now on; `token` is its raw form, or the id of its row.

    Raises NotFound when it is not a valid token of this viewer.
    """
    of_this_secret = TOKEN.rows(viewer).filter(digest=digest_of(token)).first()
    row = of_this_secret or TOKEN.find(token, viewer, field="token")
    if row.is_revoked:
        raise NotFound("Token not found.", field="token")
    row.revoked_at = timezone.now()
    row.save(update_fields=["revoked_at"])
    return row


def _known_user(device_id: str) -> User | None:
    """The oldest account of this device. Never staff, and none that somebody has claimed with a password."""
    if not settings.KNOWN_DEVICE_LOGIN or not is_distinctive(device_id):
        return None
    candidates = User.objects.filter(
        device_profile__device_id=device_id, is_active=True, is_staff=False, is_superuser=False
    )
    return next((user for user in candidates.order_by("id") if not user.has_usable_password()), None)


def is_distinctive(device_id: str) -> bool:
    """Whether the id can belong to one device alone: a UUID, or hex digits enough that vary."""
    is_one = UUID_PATTERN.fullmatch(device_id) or HEX_PATTERN.fullmatch(device_id)
    return is_one is not None and len(set(device_id.lower()) - {"-"}) >= FEWEST_DISTINCT_DIGITS


def _new_user(*, first_name: str, last_name: str, email: str) -> User:
    # The name says nothing of the device: names are shown to others.
    user = User(username=f"listener-{secrets.token_hex(6)}", first_name=first_name, last_name=last_name, email=email)
    user.set_unusable_password()
    cleaned(user).save()
    return user
