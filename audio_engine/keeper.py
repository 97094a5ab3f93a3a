"""A process that is ready and does nothing: whoever dies in its place is replaced within milliseconds."""

import ctypes
import logging
import os
import signal
import time

log = logging.getLogger(__name__)

# Whoever dies so soon would die again: then it is for the supervisor to say when to try anew, from the beginning.
HEALTHY_AFTER_SECONDS = 5.0
# From Linux's prctl.h.
PR_SET_PDEATHSIG = 1
FORWARDED = (signal.SIGTERM, signal.SIGINT)


def stay_behind() -> None:
    """Returns in a child, which has all that was loaded, and again in another one when that crashes.

    The process itself stays, hands on signals to end, and leaves as the child does. There must be one thread only.
    """
    keeper = _Keeper()
    while not keeper.forks():
        lived_seconds, code = keeper.outcome()
        if keeper.is_ending or code == 0 or lived_seconds < HEALTHY_AFTER_SECONDS:
            # To take down all that was loaded costs two thirds of a second of CPU, and who comes next waits for it.
            os._exit(code & 0xFF)
        log.error("The engine ended (%d) after %.0f s; another one goes on.", code, lived_seconds)


class _Keeper:
    """Of one child at a time."""

    def __init__(self) -> None:
        self.is_ending = False
        self._pid = os.getpid()
        self._child = 0
        self._born = 0.0

    def forks(self) -> bool:
        """Whether this is the child."""
        # Until it is known whom to tell.
        signal.pthread_sigmask(signal.SIG_BLOCK, FORWARDED)
        self._born = time.monotonic()
        self._child = os.fork()
        is_child = self._child == 0
        for number in FORWARDED:
            signal.signal(number, signal.SIG_DFL if is_child else self._hand_on)
        if is_child:
            _die_with(self._pid)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, FORWARDED)
        return is_child

    def outcome(self) -> tuple[float, int]:
        """How long the child lived, and its exit code: negative for a signal."""
        _, status = os.waitpid(self._child, 0)
        return time.monotonic() - self._born, os.waitstatus_to_exitcode(status)

    def _hand_on(self, number: int, _: object) -> None:
        self.is_ending = True
        os.kill(self._child, number)


def _die_with(keeper: int) -> None:
    """Nobody would stop who is left alone, and the next keeper's child would find its port taken."""
    prctl = getattr(ctypes.CDLL(None), "prctl", None)
    if prctl is not None:
        prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != keeper:
        os.kill(os.getpid(), signal.SIGKILL)
