"""Keeps gateway and engine running on one machine, and serves the hub of their bus."""

import asyncio
import contextlib
import logging
import signal
import time
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path

from backend.bus.hub import Hub

log = logging.getLogger(__name__)

# Back within a second of a crash; slower only for what dies again and again right after its start.
RESTART_SECONDS = 0.2
SLOWEST_RESTART_SECONDS = 0.8
HEALTHY_AFTER_SECONDS = 10.0
# Longer than the engine's own drain.
STOP_SECONDS = 10.0


class Child:
    """One process that shall be there."""

    def __init__(self, name: str, command: Sequence[str]) -> None:
        self.name = name
        self._command = command
        self._process: asyncio.subprocess.Process | None = None
        self._wait_seconds = RESTART_SECONDS

    async def keep_running(self) -> None:
        """Start, and start again whenever it ends, until cancelled; then stop it."""
        try:
            while True:
                await self._run_once()
                await asyncio.sleep(self._wait_seconds)
        finally:
            await self._stop()

    async def _run_once(self) -> None:
        started = time.monotonic()
        self._process = await asyncio.create_subprocess_exec(*self._command, start_new_session=True)
        code = await self._process.wait()
        lived = time.monotonic() - started
        quick = lived < HEALTHY_AFTER_SECONDS
        self._wait_seconds = min(self._wait_seconds * 2, SLOWEST_RESTART_SECONDS) if quick else RESTART_SECONDS
        log.error("The %s ended (%s) after %.1f s; it starts again.", self.name, _reason(code), lived)

    async def _stop(self) -> None:
        process = self._process
        if process is None or process.returncode is not None:
            return
        process.terminate()
        try:
            await asyncio.wait_for(process.wait(), STOP_SECONDS)
        except TimeoutError:
            log.warning("The %s did not stop in %.0f s and is killed.", self.name, STOP_SECONDS)
            process.kill()
            await process.wait()


def _reason(code: int) -> str:
    return f"exit code {code}" if code >= 0 else f"signal {signal.Signals(-code).name}"


async def supervise(
    children: Sequence[Child], *, bus_socket: Path, announce: Callable[[], Awaitable[None]] | None = None
) -> None:
    """Serve the hub and keep the children running until SIGINT or SIGTERM, then stop them all.

    `announce` runs beside them: it may wait until all answer, and say so.
    """
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stopping.set)
    hub = await Hub().serve(bus_socket)
    tasks = [asyncio.create_task(child.keep_running()) for child in children]
    if announce is not None:
        tasks.append(asyncio.create_task(_announce(announce)))
    await stopping.wait()
    for task in tasks:
        task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await asyncio.gather(*tasks, return_exceptions=True)
    hub.close()
    bus_socket.unlink(missing_ok=True)


async def _announce(announce: Callable[[], Awaitable[None]]) -> None:
    try:
        await announce()
    except Exception:
        log.exception("The announcement failed; the processes go on.")
