"""What a crash costs: the supervisor brings the process back, and the stream with it."""

import os
import signal
import time
import urllib.error
from pathlib import Path

import httpx
import pytest
from pytest import approx

from tests.journeys.conftest import DemoServer
from tests.journeys.sound import Recorder, decoded, peak_hertz
from tests.journeys.test_move_listener import BYTES_PER_SECOND, TOLERANCE_HERTZ, WINDOW, Client

PATIENCE_SECONDS = 60


def pid_of(server: DemoServer, role: str) -> int | None:
    """The process that runs this role for this demo."""
    for path in Path("/proc").glob("[0-9]*"):
        try:
            words = (path / "cmdline").read_bytes().split(b"\0")
            if f"run_{role}".encode() in words and str(server.data).encode() in (path / "environ").read_bytes():
                return int(path.name)
        except OSError:
            continue
    return None


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


@pytest.mark.parametrize("role", ["engine", "gateway"])
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
    if role == "engine":
        recorder = listen(stream["stream_url"])
    wait_until_answering(client)
    samples = decoded(recorder.wait_for(recorder.received_bytes + 3 * BYTES_PER_SECOND))
    recorder.stop()
    assert peak_hertz(samples[-WINDOW:]) == approx(zone.hertz, abs=TOLERANCE_HERTZ)
