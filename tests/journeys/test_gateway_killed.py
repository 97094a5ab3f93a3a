"""Whoever was cut off goes on where they were, and has every event once."""

import asyncio
import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from tests.journeys.conftest import PATIENCE_SECONDS, ROOT, DemoServer, free_port
from tests.journeys.followers import Follower, number_of, subscribed
from tests.journeys.log_writer import LogWriter, quickly_started
from tests.journeys.test_crashes import pid_of
from tests.journeys.test_fanout import address, later

CROWD = 50
SECRET_KEY = "only-for-journeys"
EVENTS, EVERY_SECONDS = 600, 0.01
# The events go on for two seconds before the gateway dies, and for some while it is away.
DIES_AFTER_SECONDS = 2.0


async def test_a_crowd_has_every_event_once_after_the_gateway_was_killed(demo_server: DemoServer) -> None:
    url, secret_key = address(demo_server), (demo_server.data / "secret_key").read_text().strip()
    with LogWriter(demo_server.data, secret_key) as writer:
        project, begin = writer.make_project()
        end = later(begin, EVENTS)
        crowd = [Follower(url, project, begin) for _ in range(CROWD)]
        following = asyncio.gather(*(one.follow(end) for one in crowd))
        writer.record(EVENTS, every_seconds=EVERY_SECONDS)
        await asyncio.sleep(DIES_AFTER_SECONDS)
        gateway = pid_of(demo_server, "gateway")
        assert gateway is not None
        os.kill(gateway, signal.SIGKILL)
        async with asyncio.timeout(PATIENCE_SECONDS):
            await following
    window = list(range(number_of(begin) + 1, number_of(end) + 1))
    assert [one.lags for one in crowd] == [[]] * CROWD
    assert [one.numbers for one in crowd] == [window] * CROWD
    assert min(one.connections for one in crowd) >= 2


class Switch:
    """The bus's hub in a process of its own, so that it can be killed alone."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        program = (
            "import asyncio, pathlib, sys; from backend.bus.hub import Hub\n"
            "async def serve():\n"
            "    await (await Hub().serve(pathlib.Path(sys.argv[1]))).serve_forever()\n"
            "asyncio.run(serve())"
        )
        self._process = subprocess.Popen([sys.executable, "-c", program, str(self._path)], cwd=ROOT)

    def kill(self) -> None:
        assert self._process is not None
        self._process.kill()
        self._process.wait()


@dataclass(frozen=True)
class LoneGateway:
    """Without an engine, and with a bus that may be killed."""

    url: str
    data: Path
    switch: Switch


@pytest.fixture(scope="module")
def lone_gateway(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LoneGateway]:
    data, port = tmp_path_factory.mktemp("lone"), free_port()
    switch = Switch(data / "bus.sock")
    environment = quickly_started(data, SECRET_KEY=SECRET_KEY, GATEWAY_PORT=str(port))
    manage = [sys.executable, "manage.py"]
    subprocess.run([*manage, "prepare"], cwd=ROOT, env=environment, check=True, timeout=PATIENCE_SECONDS)
    switch.start()
    gateway = subprocess.Popen([*manage, "run_gateway"], cwd=ROOT, env=environment)
    try:
        deadline = time.monotonic() + PATIENCE_SECONDS
        while True:
            with contextlib.suppress(httpx.TransportError):
                httpx.get(f"http://127.0.0.1:{port}/")
                break
            assert time.monotonic() < deadline, "the gateway does not answer"
            time.sleep(0.1)
        yield LoneGateway(f"ws://127.0.0.1:{port}/graphql/", data, switch)
    finally:
        gateway.kill()
        gateway.wait()
        switch.kill()


@pytest.mark.parametrize("is_back", [True, False])
async def test_what_a_dead_bus_does_not_carry_is_read_from_the_log(lone_gateway: LoneGateway, is_back: bool) -> None:
    url, switch = lone_gateway.url, lone_gateway.switch
    with LogWriter(lone_gateway.data, SECRET_KEY) as writer:
        project, begin = writer.make_project()
        end = later(begin, 300)
        crowd = [Follower(url, project, begin) for _ in range(5)]
        async with contextlib.AsyncExitStack() as sockets:
            wires = [await sockets.enter_async_context(subscribed(url, project, begin)) for _ in crowd]
            reading = asyncio.gather(*(one.read(wire, end) for one, wire in zip(crowd, wires, strict=True)))
            writer.record(300, every_seconds=0.01)
            await asyncio.sleep(1.0)
            switch.kill()
            if is_back:
                await asyncio.sleep(1.0)
                switch.start()
            async with asyncio.timeout(30):
                await reading
            if not is_back:
                switch.start()
    window = list(range(number_of(begin) + 1, number_of(end) + 1))
    assert [(one.numbers, one.lags) for one in crowd] == [(window, [])] * len(crowd)
