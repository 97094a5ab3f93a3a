"""Counts are shared where there is Redis, and no request fails where there is none."""

import shutil
import time

import pytest
from django.core.cache.backends.redis import RedisCache

from backend.config import shared_cache
from backend.config.shared_cache import Absence, SharedCache
from tests.backend.bus.running import RunningRedis

NOBODY = "redis://127.0.0.1:9/0"


@pytest.fixture(autouse=True)
def absence(monkeypatch):
    monkeypatch.setattr(shared_cache, "absence", Absence())


@pytest.fixture
def lonely():
    cache = SharedCache(NOBODY, {})
    yield cache
    cache._alone.clear()


def test_without_redis_a_process_counts_for_itself(lonely, caplog):
    assert lonely.add("tries", 0, timeout=60)
    assert [lonely.incr("tries"), lonely.incr("tries")] == [1, 2]
    lonely.set("calls", [1.0])
    assert (lonely.get("calls"), lonely.get("none", [])) == ([1.0], [])
    lonely.delete("tries")
    assert lonely.get("tries") is None
    assert caplog.text.count("this process counts alone") == 1


def test_a_count_that_was_begun_in_redis_goes_on_without_it(lonely):
    assert lonely.incr("tries") == 1


def test_nobody_asks_again_for_a_while(lonely, monkeypatch):
    lonely.get("anything")
    monkeypatch.setattr(RedisCache, "get", None)
    assert lonely.get("anything") is None


@pytest.mark.services
def test_counts_are_shared_and_a_frozen_redis_holds_nobody_up(tmp_path, monkeypatch):
    if shutil.which("redis-server") is None:
        pytest.fail("the marker `services` needs redis-server")
    redis = RunningRedis(tmp_path)
    one, other = SharedCache(redis.url, {}), SharedCache(redis.url, {})
    one.add("tries", 0)
    assert (one.incr("tries"), other.incr("tries")) == (1, 2)
    redis.freeze()
    began_at = time.monotonic()
    assert [one.incr("tries") for _ in range(10)] == list(range(1, 11))
    assert time.monotonic() - began_at < 3 * shared_cache.TIMEOUT_SECONDS
    redis.thaw()
    monkeypatch.setattr(shared_cache, "absence", Absence())
    assert other.get("tries") in (2, 3)
    one._alone.clear()
    redis.stop()
