"""A few threads that do what may take long, away from the beat."""

import logging
import os
import threading
from collections.abc import Callable
from queue import SimpleQueue

log = logging.getLogger(__name__)

# On Linux a thread has its own: when the processor is short, the beat comes first.
_NICENESS = 10

Job = Callable[[], None]


class Workers:
    """Runs jobs in the order they came. The threads are daemons: a download that hangs never holds up the exit."""

    def __init__(self, name: str, *, threads: int) -> None:
        self._jobs: SimpleQueue[Job | None] = SimpleQueue()
        self._threads = threads
        for number in range(threads):
            threading.Thread(target=self._work, name=f"{name}-{number}", daemon=True).start()

    def submit(self, job: Job) -> None:
        """Never waits. Whoever submits sees to it that the number of waiting jobs is bounded."""
        self._jobs.put(job)

    def close(self) -> None:
        """Let the threads end when they have done what was submitted. Nothing is waited for."""
        for _ in range(self._threads):
            self._jobs.put(None)

    def _work(self) -> None:
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), _NICENESS)
        while (job := self._jobs.get()) is not None:
            try:
                job()
            except Exception:
                log.exception("a job of the bank failed")
