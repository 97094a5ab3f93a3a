"""The bus of a production with many processes: Redis publish and subscribe."""

import logging
import threading

import redis

from backend.bus.codec import Topic
from backend.bus.transport import Switchboard

log = logging.getLogger(__name__)

CHANNEL_PREFIX = "earshot:bus:"
RETRY_SECONDS = 0.5
TIMEOUT_SECONDS = 2.0


class RedisBus(Switchboard):
    """Every topic is one channel; a lost connection is made again and loses what was said meanwhile."""

    def __init__(self, url: str) -> None:
        super().__init__()
        self._redis = redis.Redis.from_url(
            url, socket_timeout=TIMEOUT_SECONDS, socket_connect_timeout=TIMEOUT_SECONDS, max_connections=1_000
        )
        self._pubsub = self._redis.pubsub()
        self._wanted: frozenset[Topic] = frozenset()
        self._changed = threading.Event()
        self._reader: threading.Thread | None = None
        self._closed = threading.Event()

    def send(self, topic: Topic, data: bytes) -> None:
        """See Switchboard."""
        try:
            self._redis.publish(CHANNEL_PREFIX + topic, data)
        except redis.RedisError as error:
            raise OSError(f"Redis did not take it: {error}") from error

    def start_hearing(self, topics: frozenset[Topic]) -> None:
        """See Switchboard. Returns when Redis has confirmed the subscription, or after its timeout."""
        with self._lock:
            if topics <= self._wanted:
                return
            self._wanted |= topics
            self._changed.clear()
            if self._reader is None:
                self._reader = threading.Thread(target=self._read_for_ever, name="bus", daemon=True)
                self._reader.start()
        self._changed.wait(TIMEOUT_SECONDS)

    def close(self) -> None:
        """See Bus."""
        self._closed.set()
        if self._reader is not None:
            self._reader.join(TIMEOUT_SECONDS)
        self._redis.close()

    def _read_for_ever(self) -> None:
        while not self._closed.is_set():
            try:
                self._read_some()
            except redis.RedisError as error:
                log.warning("The bus lost Redis and tries again: %s", error)
                self._closed.wait(RETRY_SECONDS)
        self._pubsub.close()

    def _read_some(self) -> None:
        wanted = [CHANNEL_PREFIX + topic for topic in self._wanted]
        if len(self._pubsub.channels) < len(wanted):
            self._pubsub.subscribe(*wanted)
        arrived = self._pubsub.get_message(timeout=0.1)
        if arrived is None:
            return
        if arrived["type"] == "message":
            self.dispatch(arrived["data"])
        elif arrived["data"] >= len(wanted):
            self._changed.set()
