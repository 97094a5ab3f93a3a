"""What a token is, and whom it opens."""

import hashlib
import hmac
import secrets

from backend.accounts.models import Token, User
from backend.errors import NotAuthenticated

SCHEMES = frozenset({"token", "bearer"})


def new_raw_token() -> str:
    """40 hex digits, as clients of the old API expect: 160 random bits."""
    return secrets.token_hex(20)


def digest_of(raw_token: str) -> str:
    """What is stored: 160 random bits need no salt and no slow hash."""
    return hashlib.sha256(raw_token.encode()).hexdigest()


def authenticate(raw_token: str) -> User | None:
    """The user whom this token opens, or None."""
    digest = digest_of(raw_token)
    token = Token.objects.select_related("user").filter(digest=digest, revoked_at__isnull=True).first()
    if token is None or not hmac.compare_digest(token.digest, digest) or not token.user.is_active:
        return None
    return token.user


def user_from_authorization(header: str | None) -> User | None:
    """Who sent this Authorization header (`Token …` or `Bearer …`, any case); None when it says nothing to us.

    Raises NotAuthenticated for a token that is malformed, unknown or revoked.
    """
    scheme, raw_token = _parts(header)
    if scheme not in SCHEMES:
        return None
    user = authenticate(raw_token)
    if user is None:
        raise NotAuthenticated("Invalid token.")
    return user


def digest_given(header: str) -> str:
    """The digest of the token in such a header."""
    return digest_of(_parts(header)[1])


def _parts(header: str | None) -> tuple[str, str]:
    scheme, _, raw_token = (header or "").strip().partition(" ")
    return scheme.lower(), raw_token.strip()
