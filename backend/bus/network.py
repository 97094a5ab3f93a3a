"""What the buses between processes share: one thread that sends, one that reads and knows when it missed something."""

import contextlib
import logging
import threading
import time
from typing import NamedTuple, Protocol

from backend.bus.codec import Topic
from backend.bus.departures import Departures
from backend.bus.transport import Switchboard

log = logging.getLogger(__name__)

# Beside the topics: a subscription that is confirmed, and word of what a sender has lost.
SUBSCRIBED = "s"
LOST = "l"
RETRY_SECONDS = 0.2
READ_SECONDS = 0.1
CLOSE_SECONDS = 2.0


class Arrival(NamedTuple):
    """A message and its topic; of SUBSCRIBED, all topics that are heard from now on."""

    letter: str
    data: bytes


class Line(Protocol):
    """A connection to read from. Everything may raise OSError: then it is of no use any more."""

    def subscribe(self, letters: frozenset[str]) -> None:
        """Ask for these, and for no others that were not asked for before."""

    def read(self, patience_seconds: float) -> Arrival | None:
        """What arrives in this time."""

    def close(self) -> None:
        """Let go of it."""


class NetworkBus(Switchboard):
    """Connects when first needed, and again whenever the other end is back."""

    def __init__(self) -> None:
        super().__init__()
        self._departures = Departures(self.transmit, announce=self._announce_loss)
        self._wanted: frozenset[str] = frozenset({LOST})
        self._confirmed: frozenset[str] = frozenset()
        self._has_confirmed = threading.Condition()
        self._reader: threading.Thread | None = None
        self._closed = threading.Event()
        self._is_behind = False
        self._hears_since = 0.0

    def transmit(self, letter: str, data: bytes) -> None:
        """Send now, and wait until it is taken; the fulfilment's own part. Raises OSError."""
        raise NotImplementedError

    def connect(self) -> Line:
        """A new line; the fulfilment's own part. Raises OSError."""
        raise NotImplementedError

    @property
    def lost(self) -> int:
        """See Bus."""
        return self._departures.lost

    def send(self, topic: Topic, data: bytes) -> None:
        """See Switchboard."""
        self._departures.post(topic, data)

    def start_hearing(self, topics: frozenset[Topic], *, patience_seconds: float) -> bool:
        """See Switchboard."""
        with self._has_confirmed:
            self._wanted |= topics
            if self._reader is None:
                self._reader = threading.Thread(target=self._read_for_ever, name="bus", daemon=True)
                self._reader.start()
            return self._has_confirmed.wait_for(lambda: topics <= self._confirmed, patience_seconds)

    def close(self) -> None:
        """See Bus."""
        self._departures.close(patience_seconds=CLOSE_SECONDS)
        self._closed.set()
        if self._reader is not None:
            self._reader.join(CLOSE_SECONDS)

    def _read_for_ever(self) -> None:
        while not self._closed.is_set():
            try:
                with contextlib.closing(self.connect()) as line:
                    self._read_from(line)
            except OSError as error:
                self._fall_behind(error)
                self._closed.wait(RETRY_SECONDS)

    def _read_from(self, line: Line) -> None:
        asked: frozenset[str] = frozenset()
        while not self._closed.is_set():
            if asked != self._wanted:
                asked = self._wanted
                line.subscribe(asked)
            arrival = line.read(READ_SECONDS)
            if arrival is not None:
                self._take(arrival)

    def _take(self, arrival: Arrival) -> None:
        try:
            if arrival.letter == SUBSCRIBED:
                self._confirm(frozenset(arrival.data.decode()))
            elif arrival.letter == LOST:
                self._hear_of_loss(float(arrival.data))
            else:
                self.dispatch(arrival.data)
        except Exception:
            # Whoever cannot take a message must not end the hearing of all others.
            log.exception("What the bus heard could not be taken.")

    def _fall_behind(self, error: OSError) -> None:
        with self._has_confirmed:
            self._confirmed = frozenset()
        if not self._is_behind:
            log.warning("The bus hears nothing and tries again: %s", error)
        self._is_behind = True

    def _confirm(self, letters: frozenset[str]) -> None:
        with self._has_confirmed:
            is_new = not self._confirmed
            self._confirmed = letters
            self._has_confirmed.notify_all()
        if is_new:
            self._hears_since = time.monotonic()
        if self._is_behind:
            self._is_behind = False
            log.warning("The bus hears again; what was said meanwhile is missing.")
            self.tell_gap()

    def _announce_loss(self, seconds_ago: float) -> None:
        self.transmit(LOST, str(seconds_ago).encode())

    def _hear_of_loss(self, seconds_ago: float) -> None:
        """Some sender lost something; if that was before this one began to hear, it is known to be missing."""
        if time.monotonic() - seconds_ago >= self._hears_since:
            self.tell_gap()
