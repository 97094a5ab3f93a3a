"""Questions to the engine, so asked that an engine which is dead holds up few who ask, and those once."""

import threading
import time
from collections.abc import Callable
from functools import lru_cache
from typing import Any

from backend import bus
from backend.bus.commands import Command
from backend.bus.replies import Reply
from backend.bus.transport import Bus
from backend.errors import EngineUnavailable

# How long the engine may take to answer; a stream that it does not know yet it reads first.
DEADLINE_SECONDS = 1.0
# Who asks waits in one of the gateway's four threads that all others need, too.
MOST_AT_ONCE = 2
TURN_SECONDS = 0.1
# So long nobody asks an engine that did not answer; the supervisor has it back in about that time.
SILENCE_SECONDS = 2.0


class Inquiry:
    """For all threads of the process. `now` is monotonic, in seconds."""

    def __init__(self, source: Bus, *, now: Callable[[], float] = time.monotonic) -> None:
        self._bus = source
        self._now = now
        self._turns = threading.BoundedSemaphore(MOST_AT_ONCE)
        self._silent_until = 0.0

    def ask(self, question: Command) -> Reply:
        """The engine's reply. Raises EngineUnavailable: after the deadline, and at once for a moment after that."""
        if self._now() < self._silent_until or not self._turns.acquire(timeout=TURN_SECONDS):
            raise EngineUnavailable("The audio engine does not answer; try again.")
        try:
            return self._bus.ask(question, deadline_seconds=DEADLINE_SECONDS)
        except EngineUnavailable:
            self._silent_until = self._now() + SILENCE_SECONDS
            raise
        finally:
            self._turns.release()


def ask(question: Command) -> Reply:
    """See Inquiry."""
    source: Any = bus.current()
    return _inquiry_of(source).ask(question)


@lru_cache(maxsize=1)
def _inquiry_of(source: Bus) -> Inquiry:
    return Inquiry(source)
