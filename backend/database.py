"""Database work off the event loop: a few threads whose connections persist, with a deadline."""

import asyncio
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from threading import Barrier
from typing import Any, TypeVar

from django.db import connection, connections

from backend.errors import DomainError

Result = TypeVar("Result")

THREADS = 4
MOST_JOBS = 200
DEADLINE_SECONDS = 10.0


class TookTooLong(DomainError):
    """The work was not done before its deadline, and was given up."""

    code = "DEADLINE_EXCEEDED"


class Overloaded(DomainError):
    """More work waits than can be done in time."""

    code = "OVERLOADED"


class DatabaseThreads:
    """A fixed number of threads that may use Django's database; the event loop never waits for one."""

    def __init__(self, threads: int = THREADS, most_jobs: int = MOST_JOBS) -> None:
        self._executor = ThreadPoolExecutor(threads, thread_name_prefix="database")
        self._threads = threads
        self._most_jobs = most_jobs
        self._jobs: set[Future[Any]] = set()

    def connect(self) -> None:
        """Opens every thread's connection now: while one loads SpatiaLite, all threads of the process stand still."""
        together = Barrier(self._threads)
        for job in [self._executor.submit(_connect, together) for _ in range(self._threads)]:
            job.result()

    async def run(self, work: Callable[[], Result], *, deadline_seconds: float = DEADLINE_SECONDS) -> Result:
        """What `work` returns or raises. It must not be a coroutine function.

        Raises TookTooLong after the deadline: then the work stops at its next SQL statement, and what
        it did in a transaction is undone. Raises Overloaded at once when too many others wait.
        """
        if len(self._jobs) >= self._most_jobs:
            raise Overloaded("Too many requests wait; try again in a moment.")
        job = self._executor.submit(_do, work, time.monotonic() + deadline_seconds)
        self._jobs.add(job)
        job.add_done_callback(self._jobs.discard)
        try:
            return await asyncio.wait_for(asyncio.wrap_future(job), deadline_seconds)
        except TimeoutError:
            raise _too_long() from None


def _connect(together: Barrier) -> None:
    try:
        connection.ensure_connection()
    finally:
        settle_connections()
        # Nobody takes a second turn before all have had one.
        together.wait()


def _do(work: Callable[[], Result], deadline: float) -> Result:
    try:
        with connection.execute_wrapper(partial(_execute_before, deadline)):
            return work()
    finally:
        settle_connections()


def _execute_before(deadline: float, execute: Callable[..., Any], *statement: Any) -> Any:
    if time.monotonic() > deadline:
        raise _too_long()
    return execute(*statement)


def settle_connections() -> None:
    """After work in a thread that lives on: keep its healthy connections, but give those of a pool back."""
    for each in connections.all(initialized_only=True):
        if each.errors_occurred or each.settings_dict["OPTIONS"].get("pool"):
            each.close()


def _too_long() -> TookTooLong:
    return TookTooLong("This took too long and was given up.")


threads = DatabaseThreads()
