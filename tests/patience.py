"""To wait for what other threads, tasks and processes do, where others use the same machine."""

import asyncio
from collections.abc import Callable

import pytest

PATIENCE_SECONDS = 30.0

# For promises in seconds: a shared machine stands still now and then, for minutes (65 % of one's time was seen to go to
# others), so one trip of six has to keep them. What breaks them always, fails always.
wall_clock = pytest.mark.flaky(reruns=5, reruns_delay=10)


async def until(is_so: Callable[[], object]) -> None:
    """As soon as it is so; fails when that takes too long."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while True:
            if is_so():
                return
            await asyncio.sleep(0.001)
