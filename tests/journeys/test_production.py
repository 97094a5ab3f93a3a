"""Gateway and engine run by themselves, with PostGIS as the database and Redis as the bus."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.journeys.conftest import PASSWORD, ROOT, DemoServer, environment_of_a_person, free_port
from tests.journeys.test_move_listener import Client, follow

pytestmark = pytest.mark.services
PATIENCE_SECONDS = 120


def wait_until_answering(url: str) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            httpx.get(url)
            return
        except httpx.TransportError:
            assert time.monotonic() < deadline, f"{url} does not answer"
            time.sleep(0.1)


@pytest.fixture(scope="module")
def production(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DemoServer]:
    """Two processes that know of each other by Redis alone."""
    data, port, audio_port = tmp_path_factory.mktemp("production"), free_port(), free_port()
    server = DemoServer(f"http://localhost:{port}", f"http://localhost:{audio_port}", Path(data), 0, [])
    environment = environment_of_a_person(
        SECRET_KEY="only-for-journeys",
        DATA_DIR=str(data),
        DEMO="true",
        EARSHOT_DEMO_PASSWORD=PASSWORD,
        DATABASE_URL=os.environ["TEST_DATABASE_URL"],
        REDIS_URL=os.environ["TEST_REDIS_URL"],
        PUBLIC_URL=server.url,
        AUDIO_URL=server.audio_url,
        GATEWAY_PORT=str(port),
        AUDIO_PORT=str(audio_port),
    )
    manage = [sys.executable, "manage.py"]
    subprocess.run([*manage, "prepare", "--demo"], cwd=ROOT, env=environment, check=True, timeout=PATIENCE_SECONDS)
    running = [subprocess.Popen([*manage, role], cwd=ROOT, env=environment) for role in ("run_gateway", "run_engine")]
    try:
        for url in (server.url, f"{server.audio_url}/status"):
            wait_until_answering(url)
        yield server
    finally:
        for process in running:
            process.terminate()
        for process in running:
            process.wait(PATIENCE_SECONDS)


def test_the_sound_follows_the_listener(production: DemoServer) -> None:
    follow(Client(production))
