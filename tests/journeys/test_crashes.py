"""What a crash costs: the supervisor brings the process back, and the stream with it."""

import os
import signal
import time
import urllib.error
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest
from pytest import approx

from tests.journeys.conftest import DemoServer
from tests.journeys.sound import Recorder, decoded, peak_hertz
from tests.journeys.test_move_listener import BYTES_PER_SECOND, TOLERANCE_HERTZ, WINDOW, Client, Zone
from tests.patience import wall_clock

PATIENCE_SECONDS = 60
CROWD = 20
BACK_WITHIN_SECONDS = 5.0


def pid_of(server: DemoServer, role: str) -> int | None:
    """The process that has this role for this demo; the engine's keeper is the elder of two."""
    command = {"keeper": "engine"}.get(role, role)
    pids = []
    for path in Path("/proc").glob("[0-9]*"):
        try:
            words = (path / "cmdline").read_bytes().split(b"\0")
            if f"run_{command}".encode() in words and str(server.data).encode() in (path / "environ").read_bytes():
                pids.append(int(path.name))
        except OSError:
            continue
    if command == "engine" and len(pids) < 2:
        return None
    return min(pids, default=None) if role == "keeper" else max(pids, default=None)


def wait_until_answering(client: Client) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            client.zones()
            return
        except httpx.TransportError:
            assert time.monotonic() < deadline, "the gateway does not answer"
            time.sleep(0.1)


def listen(url: str) -> Recorder:
    """Connects as soon as somebody answers, as a player that reconnects does."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            return Recorder(url)
        except (urllib.error.URLError, ConnectionError):
            assert time.monotonic() < deadline, "nobody answers"
            time.sleep(0.1)


@pytest.mark.parametrize("role", ["engine", "keeper", "gateway"])
def test_a_killed_process_is_back_and_the_listener_hears_the_same_place(demo_server: DemoServer, role: str) -> None:
    client = Client(demo_server)
    zone = client.zones()[2]
    stream = client.open(zone)
    recorder = listen(stream["stream_url"])
    recorder.wait_for(3 * BYTES_PER_SECOND)
    before = pid_of(demo_server, role)
    assert before is not None
    os.kill(before, signal.SIGKILL)
    deadline = time.monotonic() + PATIENCE_SECONDS
    while pid_of(demo_server, role) in (None, before):
        assert time.monotonic() < deadline, f"the {role} did not come back"
        time.sleep(0.05)
    if role != "gateway":
        recorder = listen(stream["stream_url"])
    wait_until_answering(client)
    samples = decoded(recorder.wait_for(recorder.received_bytes + 3 * BYTES_PER_SECOND))
    recorder.stop()
    assert peak_hertz(samples[-WINDOW:]) == approx(zone.hertz, abs=TOLERANCE_HERTZ)


class Walker:
    """Somebody who listens at a place, and connects again when the sound breaks off."""

    def __init__(self, server: DemoServer, number: int) -> None:
        client = Client(server)
        zones = client.zones()
        self.zone: Zone = zones[number % len(zones)]
        self.url: str = client.open(self.zone)["stream_url"]
        self.recorder = listen(self.url)
        self.recorder.wait_for(BYTES_PER_SECOND)

    def come_back(self) -> float:
        """When a second of sound had come to the one who connected anew."""
        self.recorder.wait_for_end()
        self.recorder = listen(self.url)
        self.recorder.wait_for(BYTES_PER_SECOND)
        return time.monotonic()

    def hertz(self) -> float:
        return peak_hertz(decoded(self.recorder.wait_for(3 * BYTES_PER_SECOND))[-WINDOW:])


@wall_clock
def test_a_crowd_hears_its_own_places_again_soon_after_the_engine_was_killed(demo_server: DemoServer) -> None:
    with ThreadPoolExecutor(CROWD) as pool:
        walkers = list(pool.map(lambda number: Walker(demo_server, number), range(CROWD)))
        engine = pid_of(demo_server, "engine")
        assert engine is not None
        killed_at = time.monotonic()
        os.kill(engine, signal.SIGKILL)
        silences = [back_at - killed_at for back_at in pool.map(Walker.come_back, walkers)]
        heard = list(pool.map(Walker.hertz, walkers))
    for walker in walkers:
        walker.recorder.stop()
    assert heard == approx([walker.zone.hertz for walker in walkers], abs=TOLERANCE_HERTZ)
    assert max(silences) < BACK_WITHIN_SECONDS
