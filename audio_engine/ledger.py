"""The engine's only writer: what was heard and what became of streams, through one thread and a bounded queue."""

import logging
import queue
import threading
from collections.abc import Callable

from django.db import DatabaseError, close_old_connections

from backend.bus.events import AssetEnded, AssetStarted, Event, StreamClosed
from backend.listening import actions

log = logging.getLogger(__name__)

# About ten minutes of a hundred sessions; beyond it the database has been gone for long.
QUEUE_LIMIT = 10_000
RETRY_SECONDS = 1.0
TRIES = 5

Write = Callable[[Event], None]


def write(event: Event) -> None:
    """Store what of this event must last; most events need nothing."""
    match event:
        case AssetStarted():
            actions.record_asset_started(event)
        case AssetEnded():
            actions.record_asset_ended(event)
        case StreamClosed():
            actions.record_stream_closed(event)


class Ledger:
    """Takes events at once and writes them later, in order."""

    def __init__(self, write: Write = write, *, limit: int = QUEUE_LIMIT, retry_seconds: float = RETRY_SECONDS) -> None:
        self._write = write
        self._retry_seconds = retry_seconds
        self._events: queue.Queue[Event | None] = queue.Queue(limit)
        self._thread = threading.Thread(target=self._work, name="ledger", daemon=True)
        self._thread.start()
        self.lost = 0

    def note(self, event: Event) -> None:
        """Never waits: when the queue is full the event is counted as lost and logged."""
        try:
            self._events.put_nowait(event)
        except queue.Full:
            self.lost += 1
            log.error("The ledger is full and lost %s (%d in all).", type(event).__name__, self.lost)

    def close(self, *, patience_seconds: float) -> None:
        """Write what is still waiting, for at most this long."""
        self._events.put(None)
        self._thread.join(patience_seconds)

    def _work(self) -> None:
        while (event := self._events.get()) is not None:
            self._persist(event)
        close_old_connections()

    def _persist(self, event: Event) -> None:
        for attempt in range(1, TRIES + 1):
            try:
                self._write(event)
                return
            except DatabaseError as error:
                log.warning("The ledger could not write %s (try %d): %s", type(event).__name__, attempt, error)
                close_old_connections()
                threading.Event().wait(self._retry_seconds)
        self.lost += 1
        log.error("The ledger gave up on %s (%d lost in all).", event, self.lost)
