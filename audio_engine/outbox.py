"""What leaves the beat's thread: handed over at once, done later and in order, by one thread with a bounded queue."""

import logging
import queue
import threading
from collections.abc import Callable
from typing import Generic, TypeVar

log = logging.getLogger(__name__)

T = TypeVar("T")

# About ten minutes of a hundred sessions; beyond it the other side has been gone for long.
QUEUE_LIMIT = 10_000
RETRY_SECONDS = 1.0
TRIES = 5


class Outbox(Generic[T]):
    """Calls `deliver` for every item; what raises one of `passing` errors is tried again a few times."""

    def __init__(
        self,
        name: str,
        deliver: Callable[[T], None],
        *,
        passing: tuple[type[Exception], ...] = (),
        limit: int = QUEUE_LIMIT,
        retry_seconds: float = RETRY_SECONDS,
    ) -> None:
        self._name = name
        self._deliver = deliver
        self._passing = passing
        self._retry_seconds = retry_seconds
        self._items: queue.Queue[T | None] = queue.Queue(limit)
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._work, name=name, daemon=True)
        self._thread.start()
        self.lost = 0

    def post(self, item: T) -> None:
        """Never waits: when the queue is full the item is counted as lost and logged."""
        try:
            self._items.put_nowait(item)
        except queue.Full:
            self._lose(item, "is full")

    def close(self, *, patience_seconds: float) -> None:
        """Deliver what is still waiting, for at most this long."""
        self._closing.set()
        try:
            self._items.put(None, timeout=patience_seconds)
        except queue.Full:
            return
        self._thread.join(patience_seconds)

    def _work(self) -> None:
        while (item := self._items.get()) is not None:
            try:
                self._persist(item)
            except Exception:
                log.exception("The %s could not deliver %s.", self._name, type(item).__name__)
                self.lost += 1

    def _persist(self, item: T) -> None:
        for attempt in range(1, TRIES + 1):
            try:
                self._deliver(item)
                return
            except self._passing as error:
                log.warning("The %s tries again (%d) after: %s", self._name, attempt, error)
                self._closing.wait(self._retry_seconds)
        self._lose(item, "gave up")

    def _lose(self, item: T, why: str) -> None:
        self.lost += 1
        log.error("The %s %s and lost %s (%d in all).", self._name, why, type(item).__name__, self.lost)
