"""To wait for what other threads and tasks do."""

import asyncio
from collections.abc import Callable


async def until(is_so: Callable[[], object], *, seconds: float = 5.0) -> None:
    """As soon as it is so; fails when that takes too long."""
    for _ in range(int(seconds / 0.005)):
        if is_so():
            return
        await asyncio.sleep(0.005)
    raise AssertionError(f"not so within {seconds} s")
