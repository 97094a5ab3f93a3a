"""A password may be tried a few times in a window, by however many at once."""

import os
import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest

from backend.accounts import throttle
from backend.accounts.throttle import MOST_TRIES, WINDOW_SECONDS, LoginThrottled, count_try, forget_tries


@pytest.fixture(params=["own process", pytest.param("redis", marks=pytest.mark.services)])
def shared_cache(request, settings):
    """The cache of one gateway alone, and the one that many share."""
    if request.param == "redis":
        backend = "django.core.cache.backends.redis.RedisCache"
        settings.CACHES = {
            "default": {"BACKEND": backend, "LOCATION": os.environ["TEST_REDIS_URL"], "KEY_PREFIX": uuid.uuid4().hex}
        }


def outcomes(tries, username="curator"):
    """Whether each of so many tries at once may be made."""

    def attempt(_):
        try:
            count_try(username)
        except LoginThrottled:
            return False
        return True

    with ThreadPoolExecutor(8) as threads:
        return list(threads.map(attempt, range(tries)))


def test_of_many_tries_at_once_no_more_pass_than_of_one_after_another(shared_cache):
    assert sum(outcomes(5 * MOST_TRIES)) == MOST_TRIES
    assert outcomes(1) == [False]


def test_forgotten_tries_count_no_more(shared_cache):
    outcomes(MOST_TRIES)
    forget_tries("curator")
    assert outcomes(1) == [True]


def test_a_window_that_has_ended_counts_no_more(shared_cache, monkeypatch):
    monkeypatch.setattr(throttle, "time", lambda: 1_000 * WINDOW_SECONDS)
    outcomes(MOST_TRIES)
    monkeypatch.setattr(throttle, "time", lambda: 1_001 * WINDOW_SECONDS - 1)
    assert outcomes(1) == [False]
    monkeypatch.setattr(throttle, "time", lambda: 1_001 * WINDOW_SECONDS)
    assert outcomes(1) == [True]


@pytest.mark.parametrize("username", ["", "a name with blanks", "x" * 10_000, "nimi: ä€🎧\x00\n"])
def test_a_name_may_be_anything(shared_cache, username):
    assert outcomes(1, username) == [True]
    assert outcomes(1, "curator") == [True]
