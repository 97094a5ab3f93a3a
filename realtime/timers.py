"""Time as an event loop has it, and as a test may hold it."""

from collections.abc import Callable
from typing import Protocol


class Later(Protocol):
    """What `Clock.call_at` gives."""

    def cancel(self) -> None:
        """Do not call."""


class Clock(Protocol):
    """Seconds that never go back; an event loop is one."""

    def time(self) -> float:
        """Now."""

    def call_at(self, when: float, callback: Callable[[], object]) -> Later:
        """Call it then."""
