"""What the doors show of accounts: to everybody their own, to staff all."""

from django.db.models import QuerySet

from backend.accounts.models import DeviceProfile, Token, User
from backend.resources.resource import Resource, Verb
from backend.resources.viewer import Viewer


def _own_account(rows: QuerySet[User], viewer: Viewer) -> QuerySet[User]:
    return rows if viewer.is_staff else rows.filter(id=viewer.id or 0)


def _own_profile(rows: QuerySet[DeviceProfile], viewer: Viewer) -> QuerySet[DeviceProfile]:
    return rows if viewer.is_staff else rows.filter(user_id=viewer.id or 0)


def _own_tokens(rows: QuerySet[Token], viewer: Viewer) -> QuerySet[Token]:
    return rows.filter(user_id=viewer.id or 0)


def _may_write_account(viewer: Viewer, user: User) -> bool:
    return viewer.is_staff or user.pk == viewer.id


def _may_write_profile(viewer: Viewer, profile: DeviceProfile) -> bool:
    return viewer.is_staff or profile.user_id == viewer.id


def _is_own_token(viewer: Viewer, token: Token) -> bool:
    return token.user_id == viewer.id


USER = Resource(
    model=User,
    read=("id", "username", "first_name", "last_name"),
    read_own=("email", "device_profile"),
    write=("first_name", "last_name", "email"),
    filter=("id", "username", "first_name", "last_name", "email"),
    order=("id", "username"),
    verbs=(Verb.UPDATE,),
    visible_to=_own_account,
    may_write=_may_write_account,
)

DEVICE_PROFILE = Resource(
    model=DeviceProfile,
    read=("id", "user", "device_id", "client_type"),
    filter=("id", "user", "device_id"),
    visible_to=_own_profile,
    may_write=_may_write_profile,
)

TOKEN = Resource(
    model=Token,
    read=("id", "user", "created_at", "revoked_at"),
    filter=("id", "user"),
    visible_to=_own_tokens,
    may_write=_is_own_token,
)
