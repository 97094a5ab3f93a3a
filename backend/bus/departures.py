"""What leaves this process: handed over at once, sent in its order by one thread, and lost when it cannot go soon."""

import logging
import queue
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

log = logging.getLogger(__name__)

# Seconds of the busiest process; beyond them nobody takes anything.
MOST_WAITING = 10_000
# What is older has been overtaken: whoever hears of the gap reads what is stored.
MOST_SECONDS = 2.0
RETRY_SECONDS = 0.5

Transmit = Callable[[str, bytes], None]


@dataclass(frozen=True, slots=True)
class Departure:
    """Bytes for a topic, handed over at a monotonic time."""

    letter: str
    data: bytes
    posted_at: float


class Departures:
    """Calls `transmit`, which may raise OSError; when something was lost, `announce` says so as soon as it can."""

    def __init__(self, transmit: Transmit, *, announce: Callable[[float], None]) -> None:
        """`announce` transmits that something was lost which was handed over at most so many seconds ago."""
        self._transmit = transmit
        self._announce = announce
        self._waiting: queue.Queue[Departure | None] = queue.Queue(MOST_WAITING)
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        # When the newest was handed over of those that are lost, while nobody has been told.
        self._lost_at: float | None = None
        self.lost = 0

    def post(self, letter: str, data: bytes) -> None:
        """Never waits."""
        self._start()
        departure = Departure(letter, data, time.monotonic())
        try:
            self._waiting.put_nowait(departure)
        except queue.Full:
            self._lose(departure, OSError("too much waits"))

    def close(self, *, patience_seconds: float) -> None:
        """Send what still waits, for at most this long."""
        if self._thread is None:
            return
        try:
            self._waiting.put(None, timeout=patience_seconds)
        except queue.Full:
            return
        self._thread.join(patience_seconds)

    def _start(self) -> None:
        if self._thread is None:
            with self._lock:
                if self._thread is None:
                    self._thread = threading.Thread(target=self._work, name="bus departures", daemon=True)
                    self._thread.start()

    def _work(self) -> None:
        while True:
            try:
                departure = self._waiting.get(timeout=None if self._lost_at is None else RETRY_SECONDS)
            except queue.Empty:
                self._try_to_announce()
                continue
            if departure is None:
                return
            self._depart(departure)

    def _depart(self, departure: Departure) -> None:
        if time.monotonic() - departure.posted_at > MOST_SECONDS:
            self._lose(departure, TimeoutError("nothing was taken in time"))
            return
        try:
            self._announce_loss()
            self._transmit(departure.letter, departure.data)
        except OSError as error:
            self._lose(departure, error)

    def _try_to_announce(self) -> None:
        try:
            self._announce_loss()
        except OSError as error:
            log.debug("The bus still takes nothing: %s", error)

    def _announce_loss(self) -> None:
        lost_at = self._lost_at
        if lost_at is None:
            return
        self._announce(time.monotonic() - lost_at)
        log.warning("The bus takes messages again; %d have been lost since the start.", self.lost)
        with self._lock:
            if self._lost_at == lost_at:
                self._lost_at = None

    def _lose(self, departure: Departure, error: OSError) -> None:
        with self._lock:
            self.lost += 1
            is_first = self._lost_at is None
            self._lost_at = max(self._lost_at or 0.0, departure.posted_at)
        if is_first:
            # No hub runs, as when a command fills the database: whoever starts later reads what is stored.
            is_expected = isinstance(error, (FileNotFoundError, ConnectionRefusedError))
            log.log(logging.DEBUG if is_expected else logging.WARNING, "The bus loses messages: %s", error)
