"""Async work beside a benchmark: in a thread with an event loop of its own."""

import asyncio
import contextlib
import threading
from collections.abc import Coroutine, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from typing import Any


@contextmanager
def running_beside(work: Coroutine[Any, Any, None]) -> Iterator[None]:
    """The work goes on until the block ends, and is cancelled then, with all that it began."""
    begun: Future[tuple[asyncio.AbstractEventLoop, asyncio.Task[None]]] = Future()
    thread = threading.Thread(target=asyncio.run, args=[_cancellable(work, begun)], daemon=True)
    thread.start()
    loop, task = begun.result()
    try:
        yield
    finally:
        loop.call_soon_threadsafe(task.cancel)
        thread.join()


async def _cancellable(
    work: Coroutine[Any, Any, None], begun: "Future[tuple[asyncio.AbstractEventLoop, asyncio.Task[None]]]"
) -> None:
    task = asyncio.ensure_future(work)
    begun.set_result((asyncio.get_running_loop(), task))
    with contextlib.suppress(asyncio.CancelledError):
        await task
