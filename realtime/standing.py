"""Whether those who hold sockets open still may. For database threads."""

from collections.abc import Collection
from dataclasses import dataclass

from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.models import Session
from django.utils import timezone

from backend.accounts.models import Token, User
from backend.resources.viewer import ANONYMOUS, Viewer

# SQLite takes no more in one statement than some ten thousand.
MOST_AT_ONCE = 5_000


@dataclass(frozen=True, slots=True)
class Credential:
    """What somebody showed when they opened a socket: a token, or the cookie of a login."""

    token_digest: str = ""
    session_key: str = ""


@dataclass(frozen=True, slots=True)
class Admitted:
    """Who opened a socket, and by what; None for those whom nobody knows."""

    viewer: Viewer = ANONYMOUS
    credential: Credential | None = None


@dataclass(frozen=True, slots=True)
class Rights:
    """Whom a credential opens, and what they may now."""

    user_id: int
    is_staff: bool


def rights_of(credentials: Collection[Credential]) -> dict[Credential, Rights]:
    """What each opens. Those that open nothing any more are not in it: revoked, logged out, deactivated."""
    found: dict[Credential, Rights] = {}
    asked = list(credentials)
    for start in range(0, len(asked), MOST_AT_ONCE):
        some = asked[start : start + MOST_AT_ONCE]
        found |= _by_token({each.token_digest for each in some if each.token_digest})
        found |= _by_login({each.session_key for each in some if each.session_key})
    return found


def _by_token(digests: set[str]) -> dict[Credential, Rights]:
    if not digests:
        return {}
    rows = Token.objects.filter(digest__in=digests, revoked_at__isnull=True, user__is_active=True)
    found = rows.values_list("digest", "user_id", "user__is_staff")
    return {Credential(token_digest=digest): Rights(user_id, is_staff) for digest, user_id, is_staff in found}


def _by_login(keys: set[str]) -> dict[Credential, Rights]:
    if not keys:
        return {}
    logins = {}
    for row in Session.objects.filter(session_key__in=keys, expire_date__gt=timezone.now()):
        kept = row.get_decoded()
        logins[row.session_key] = (kept.get(SESSION_KEY), kept.get(HASH_SESSION_KEY))
    ids = {user_id for user_id, _ in logins.values() if user_id}
    users = {str(user.pk): user for user in User.objects.filter(pk__in=ids, is_active=True)}
    return {
        Credential(session_key=key): Rights(users[user_id].pk, users[user_id].is_staff)
        for key, (user_id, secret) in logins.items()
        # A new password ends all logins.
        if user_id in users and users[user_id].get_session_auth_hash() == secret
    }
