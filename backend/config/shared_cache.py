"""What all gateways count together in Redis: tries to log in, and calls of the REST door."""

import logging
import time
from collections.abc import Callable
from typing import Any

import redis
from django.core.cache.backends.locmem import LocMemCache
from django.core.cache.backends.redis import RedisCache
from redis.backoff import NoBackoff
from redis.retry import Retry

log = logging.getLogger(__name__)

TIMEOUT_SECONDS = 0.5
# So long nobody asks a Redis that has failed.
AWAY_SECONDS = 5.0
MOST_ENTRIES = 20_000


class Absence:
    """Of Redis, for all threads: each has a cache of its own."""

    def __init__(self) -> None:
        self._until = 0.0

    def __bool__(self) -> bool:
        return time.monotonic() < self._until

    def begin(self, error: Exception) -> None:
        """It has just failed."""
        if not self:
            log.warning("Redis is away, and this process counts alone: %s", error)
        self._until = time.monotonic() + AWAY_SECONDS


absence = Absence()


class SharedCache(RedisCache):
    """Django's, but while Redis is away every process counts for itself: no request fails for want of a count."""

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        timeouts = {"socket_timeout": TIMEOUT_SECONDS, "socket_connect_timeout": TIMEOUT_SECONDS}
        super().__init__(server, {**params, "OPTIONS": {**timeouts, "retry": Retry(NoBackoff(), 0)}})
        self._alone = LocMemCache("alone", {**params, "OPTIONS": {"MAX_ENTRIES": MOST_ENTRIES}})

    def add(self, *args: Any, **kwargs: Any) -> Any:
        """As BaseCache has it, like all that follow."""
        return self._asked(super().add, self._alone.add, *args, **kwargs)

    def get(self, *args: Any, **kwargs: Any) -> Any:
        return self._asked(super().get, self._alone.get, *args, **kwargs)

    def set(self, *args: Any, **kwargs: Any) -> Any:
        return self._asked(super().set, self._alone.set, *args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> Any:
        return self._asked(super().delete, self._alone.delete, *args, **kwargs)

    def incr(self, *args: Any, **kwargs: Any) -> Any:
        return self._asked(super().incr, self._incr_alone, *args, **kwargs)

    def _incr_alone(self, key: str, *args: Any, **kwargs: Any) -> int:
        # It may have been added to Redis a moment ago.
        self._alone.add(key, 0)
        return int(self._alone.incr(key, *args, **kwargs))

    def _asked(self, shared: Callable[..., Any], alone: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        if not absence:
            try:
                return shared(*args, **kwargs)
            except redis.RedisError as error:
                absence.begin(error)
        return alone(*args, **kwargs)
