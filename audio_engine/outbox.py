"""What leaves the beat's thread: handed over at once, done later and in order, by one thread with a bounded queue."""

import logging
import queue
import threading
from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

log = logging.getLogger(__name__)

T = TypeVar("T")

# About ten minutes of a hundred sessions; beyond it the other side has been gone for long.
QUEUE_LIMIT = 10_000
RETRY_SECONDS = 1.0
TRIES = 5


class Outbox(Generic[T]):
    """Calls `deliver` with what waits, at most so many items together, and again after one of `passing` errors."""

    def __init__(
        self,
        name: str,
        deliver: Callable[[Sequence[T]], None],
        *,
        passing: tuple[type[Exception], ...] = (),
        most_at_once: int = 1,
        tries: int = TRIES,
        limit: int = QUEUE_LIMIT,
        retry_seconds: float = RETRY_SECONDS,
    ) -> None:
        self._name = name
        self._deliver = deliver
        self._passing = passing
        self._most_at_once = most_at_once
        self._tries = tries
        self._retry_seconds = retry_seconds
        self._items: queue.Queue[T | None] = queue.Queue(limit)
        self._closing = threading.Event()
        self._is_over = False
        self._thread = threading.Thread(target=self._work, name=name, daemon=True)
        self._thread.start()
        self.lost = 0

    def post(self, item: T) -> None:
        """Never waits: when the queue is full the item is counted as lost and logged."""
        try:
            self._items.put_nowait(item)
        except queue.Full:
            self._lose([item], "is full")

    def close(self, *, patience_seconds: float) -> None:
        """Deliver what is still waiting, for at most this long."""
        self._closing.set()
        try:
            self._items.put(None, timeout=patience_seconds)
        except queue.Full:
            return
        self._thread.join(patience_seconds)

    def _work(self) -> None:
        while not self._is_over:
            items = self._waiting()
            try:
                self._persist(items)
            except Exception:
                log.exception("The %s could not deliver %s.", self._name, _kinds(items))
                self.lost += len(items)

    def _waiting(self) -> list[T]:
        """The next items, as soon as there is one; none at the end."""
        items: list[T] = []
        while not items or (len(items) < self._most_at_once and not self._items.empty()):
            item = self._items.get()
            if item is None:
                self._is_over = True
                break
            items.append(item)
        return items

    def _persist(self, items: Sequence[T]) -> None:
        if not items:
            return
        for attempt in range(1, self._tries + 1):
            try:
                self._deliver(items)
                return
            except self._passing as error:
                log.warning("The %s tries again (%d) after: %s", self._name, attempt, error)
                self._closing.wait(self._retry_seconds)
        self._lose(items, "gave up")

    def _lose(self, items: Sequence[T], why: str) -> None:
        self.lost += len(items)
        log.error("The %s %s and lost %s (%d in all).", self._name, why, _kinds(items), self.lost)


def _kinds(items: Sequence[object]) -> str:
    return ", ".join(sorted({type(item).__name__ for item in items}))
