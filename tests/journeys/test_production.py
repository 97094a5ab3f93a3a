"""Gateway and engine run by themselves, with PostGIS as the database and Redis as the bus."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import numpy as np
import pytest
from pytest import approx

from tests.backend.bus.running import RunningRedis
from tests.journeys.conftest import PASSWORD, ROOT, DemoServer, environment_of_a_person, free_port
from tests.journeys.sound import SAMPLE_RATE, Recorder, decoded, level_dbfs, peak_hertz
from tests.journeys.test_move_listener import BYTES_PER_SECOND, TOLERANCE_HERTZ, WINDOW, Client, follow
from tests.patience import wall_clock

pytestmark = pytest.mark.services
PATIENCE_SECONDS = 120
AT_ONCE_SECONDS = 2.0
# From the return of Redis until the engine knows what it has missed.
BACK_WITHIN_SECONDS = 5.0


def wait_until_answering(url: str) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            httpx.get(url)
            return
        except httpx.TransportError:
            assert time.monotonic() < deadline, f"{url} does not answer"
            time.sleep(0.1)


@contextmanager
def running(data: Path, *, redis_url: str, is_demo: bool) -> Iterator[DemoServer]:
    """Two processes that know of each other by Redis alone."""
    port, audio_port = free_port(), free_port()
    server = DemoServer(f"http://localhost:{port}", f"http://localhost:{audio_port}", data, 0, [])
    environment = environment_of_a_person(
        SECRET_KEY="only-for-journeys",
        DATA_DIR=str(data),
        DEMO=str(is_demo).lower(),
        EARSHOT_DEMO_PASSWORD=PASSWORD,
        DATABASE_URL=os.environ["TEST_DATABASE_URL"],
        REDIS_URL=redis_url,
        PUBLIC_URL=server.url,
        AUDIO_URL=server.audio_url,
        GATEWAY_PORT=str(port),
        AUDIO_PORT=str(audio_port),
    )
    manage = [sys.executable, "manage.py"]
    subprocess.run([*manage, "prepare", "--demo"], cwd=ROOT, env=environment, check=True, timeout=PATIENCE_SECONDS)
    roles = [subprocess.Popen([*manage, role], cwd=ROOT, env=environment) for role in ("run_gateway", "run_engine")]
    try:
        for url in (server.url, f"{server.audio_url}/status"):
            wait_until_answering(url)
        yield server
    finally:
        for process in roles:
            process.terminate()
        for process in roles:
            process.wait(PATIENCE_SECONDS)


def test_the_sound_follows_the_listener(tmp_path: Path) -> None:
    with running(tmp_path, redis_url=os.environ["TEST_REDIS_URL"], is_demo=True) as production:
        follow(Client(production))


@pytest.fixture
def redis(tmp_path: Path) -> Iterator[RunningRedis]:
    """One that may be killed: nobody else uses it."""
    server = RunningRedis(tmp_path)
    yield server
    server.stop()


@wall_clock
def test_redis_goes_and_comes_back_and_nobody_hears_it(tmp_path: Path, redis: RunningRedis) -> None:
    with running(tmp_path / "data", redis_url=redis.url, is_demo=False) as production:
        walker, leaver = Client(production), Client(production)
        here, there = walker.zones()[:2]
        walking, leaving = walker.open(here), leaver.open(here)
        recorder, ending = Recorder(walking["stream_url"]), Recorder(leaving["stream_url"])
        recorder.wait_for(4 * BYTES_PER_SECOND)
        ending.wait_for(4 * BYTES_PER_SECOND)
        redis.stop()
        began_at = time.monotonic()
        walker.move(walking["stream_id"], there)
        leaver.post(f"streams/{leaving['stream_id']}/kill/")
        assert time.monotonic() - began_at < AT_ONCE_SECONDS
        alone = recorder.wait_for(recorder.received_bytes + 3 * BYTES_PER_SECOND)
        redis.start()
        ending.wait_for_end(patience_seconds=BACK_WITHIN_SECONDS)
        recorder.wait_for(len(alone) + round(BACK_WITHIN_SECONDS * BYTES_PER_SECOND))
        samples = decoded(recorder.stop())
    assert peak_hertz(decoded(alone)[-WINDOW:]) == approx(here.hertz, abs=TOLERANCE_HERTZ)
    assert peak_hertz(samples[-WINDOW:]) == approx(there.hertz, abs=TOLERANCE_HERTZ)
    quietest = min(level_dbfs(part) for part in np.array_split(samples[SAMPLE_RATE:], len(samples) // 4_410))
    assert quietest > -40, "the sound has a gap"
