"""The bus of a production with many processes: Redis publish and subscribe."""

import contextlib
import time
from collections.abc import Iterator
from typing import Any

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from backend.bus.network import SUBSCRIBED, Arrival, Line, NetworkBus

CHANNEL_PREFIX = "earshot:bus:"
TIMEOUT_SECONDS = 1.0
# A connection whose other end has vanished says nothing, for ever: so it is asked, and given up when it is silent.
PING_AFTER_SECONDS = 0.7
DEAD_AFTER_SECONDS = 1.7


class RedisBus(NetworkBus):
    """Every topic is one channel. Two connections: one sends, one reads."""

    def __init__(self, url: str) -> None:
        super().__init__()
        self._redis = redis.Redis.from_url(
            url,
            socket_timeout=TIMEOUT_SECONDS,
            socket_connect_timeout=TIMEOUT_SECONDS,
            # Its own tries would hide that a connection was lost, and wait for seconds in between.
            retry=Retry(NoBackoff(), 0),
            protocol=2,
        )

    def transmit(self, letter: str, data: bytes) -> None:
        """See NetworkBus."""
        with _as_os_errors():
            self._redis.publish(CHANNEL_PREFIX + letter, data)

    def connect(self) -> Line:
        """See NetworkBus."""
        with _as_os_errors():
            return RedisLine(self._redis.connection_pool)

    def close(self) -> None:
        """See Bus."""
        super().close()
        self._redis.close()


class RedisLine:
    """A bare connection: the client's own PubSub connects anew without a word about what it missed."""

    def __init__(self, pool: redis.ConnectionPool) -> None:
        self._pool = pool
        self._connection: Any = pool.get_connection()
        self._asked: frozenset[str] = frozenset()
        self._heard_at = time.monotonic()
        self._has_asked_for_life = False

    def subscribe(self, letters: frozenset[str]) -> None:
        """See Line."""
        self._asked = letters
        with _as_os_errors():
            self._connection.send_command("SUBSCRIBE", *[CHANNEL_PREFIX + letter for letter in sorted(letters)])

    def read(self, patience_seconds: float) -> Arrival | None:
        """See Line."""
        with _as_os_errors():
            if not self._connection.can_read(timeout=patience_seconds):
                self._mind_silence()
                return None
            answer = self._connection.read_response()
        self._heard_at, self._has_asked_for_life = time.monotonic(), False
        return self._arrival(answer)

    def close(self) -> None:
        """See Line."""
        self._connection.disconnect()
        self._pool.release(self._connection)

    def _arrival(self, answer: Any) -> Arrival | None:
        match answer:
            case [b"message", channel, data]:
                return Arrival(channel.decode().removeprefix(CHANNEL_PREFIX), data)
            case [b"subscribe", _, count] if count == len(self._asked):
                return Arrival(SUBSCRIBED, "".join(self._asked).encode())
        return None

    def _mind_silence(self) -> None:
        silence_seconds = time.monotonic() - self._heard_at
        if silence_seconds > DEAD_AFTER_SECONDS:
            raise TimeoutError("Redis is silent")
        if silence_seconds > PING_AFTER_SECONDS and not self._has_asked_for_life:
            self._has_asked_for_life = True
            self._connection.send_command("PING")


@contextlib.contextmanager
def _as_os_errors() -> Iterator[None]:
    try:
        yield
    except redis.RedisError as error:
        raise OSError(f"Redis: {error}") from error
