"""How often an account's password may be tried."""

import hashlib
from time import time

from django.core.cache import cache

from backend.errors import DomainError

MOST_TRIES = 10
WINDOW_SECONDS = 15 * 60


class LoginThrottled(DomainError):
    """The password of this account was tried too often."""

    code = "LOGIN_THROTTLED"


def count_try(username: str) -> None:
    """Counts a try before it is made, so that many at once are not one. Raises LoginThrottled.

    Names of no account count like others: the answer must not tell which names there are.
    """
    if _tries(_key(username)) > MOST_TRIES:
        minutes = WINDOW_SECONDS // 60
        raise LoginThrottled(f"Too many tries for this account; try again in {minutes} minutes.", field="username")


def forget_tries(username: str) -> None:
    """Whoever knew the password starts afresh."""
    cache.delete(_key(username))


def _tries(key: str) -> int:
    """How many there were in this window, with this one."""
    cache.add(key, 0, timeout=2 * WINDOW_SECONDS)
    return int(cache.incr(key))


def _key(username: str) -> str:
    # The window is part of the key: one that expired while it was counted would never expire again in Redis.
    # The name is hashed: a cache takes no key of any length and letters.
    return f"login-tries:{int(time() // WINDOW_SECONDS)}:{hashlib.sha256(username.encode()).hexdigest()}"
