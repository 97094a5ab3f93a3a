"""The supervisor brings back what died and stops what it started."""

import asyncio
import os
import signal
import sys
import time
from pathlib import Path

from backend.config.supervisor import Child, supervise

PATIENCE_SECONDS = 10


def child_that_signs(path: Path) -> Child:
    """A process that appends its number to a file and then sleeps."""
    code = f"import os,time; open({str(path)!r},'a').write(f'{{os.getpid()}}\\n'); time.sleep(60)"
    return Child("sleeper", [sys.executable, "-c", code])


async def pids(path: Path, count: int) -> list[int]:
    """The numbers in the file, as soon as there are `count`."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        signed = [int(line) for line in path.read_text().split()] if path.exists() else []
        if len(signed) >= count:
            return signed
        await asyncio.sleep(0.02)
    raise AssertionError(f"no {count} starts in {PATIENCE_SECONDS} s")


def is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


async def test_a_killed_child_is_back_and_stopping_leaves_none(tmp_path):
    signed, bus_socket = tmp_path / "pids", tmp_path / "bus.sock"
    running = asyncio.create_task(supervise([child_that_signs(signed)], bus_socket=bus_socket))
    (first,) = await pids(signed, 1)
    os.kill(first, signal.SIGKILL)
    _, second = await pids(signed, 2)
    assert not is_running(first) and is_running(second)
    os.kill(os.getpid(), signal.SIGTERM)
    await asyncio.wait_for(running, PATIENCE_SECONDS)
    assert not is_running(second)
    assert not bus_socket.exists()
