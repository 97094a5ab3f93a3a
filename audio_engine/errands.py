"""Work that the event loop does beside: kept until it is done, and logged when it fails."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine, Iterable
from typing import Any

log = logging.getLogger(__name__)

# The catalog has two threads.
AT_ONCE = 2
RETRY_SECONDS = 1.0

Work = Callable[[], Awaitable[bool]]


class Errands:
    """Belongs to the event loop in which it is used."""

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[bool]] = set()

    def start(self, work: Coroutine[Any, Any, object]) -> asyncio.Task[bool]:
        """Does it beside; the result is whether it came to its end, and never an error."""
        task = asyncio.get_running_loop().create_task(_is_done(work))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task


class OneAtATime:
    """An errand that takes a while: asked for while it is done, it is done once more."""

    def __init__(self, errands: Errands, work: Callable[[], Coroutine[Any, Any, None]]) -> None:
        self._errands = errands
        self._work = work
        self._is_asked = self._is_working = False

    def ask(self) -> None:
        """Have it done from its beginning, now or as soon as what is under way has ended."""
        self._is_asked = True
        if not self._is_working:
            self._is_working = True
            self._errands.start(self._work_off())

    async def _work_off(self) -> None:
        try:
            while self._is_asked:
                self._is_asked = False
                await self._work()
        finally:
            self._is_working = False


async def done_by_and_by(works: Iterable[Work]) -> None:
    """Does each until it says True: a few at a time, and what failed again after a moment."""
    left = await _failures(works)
    while left:
        await asyncio.sleep(RETRY_SECONDS)
        left = await _failures(left)


async def _failures(works: Iterable[Work]) -> list[Work]:
    waiting = iter(works)

    async def take_turns() -> list[Work]:
        return [work for work in waiting if not await work()]

    turns = await asyncio.gather(*(take_turns() for _ in range(AT_ONCE)))
    return [work for failed in turns for work in failed]


async def _is_done(work: Coroutine[Any, Any, object]) -> bool:
    try:
        await work
    except Exception:
        log.exception("The engine could not do what it was asked.")
        return False
    return True
