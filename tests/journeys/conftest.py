"""The demo as a person starts it, for whole trips through it."""

import contextlib
import os
import re
import signal
import socket
import subprocess
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PATIENCE_SECONDS = 180
PASSWORD = "only-for-journeys"


@dataclass(frozen=True)
class DemoServer:
    """Where a running demo answers."""

    url: str
    audio_url: str
    data: Path
    pid: int
    output: list[str]


APART = {"browser", "services", "load"}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What stands in this folder is a journey, unless it needs more than the demo."""
    for item in items:
        if item.path.is_relative_to(Path(__file__).parent) and not APART & {mark.name for mark in item.iter_markers()}:
            item.add_marker("journey")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def processes_of(data: Path) -> list[str]:
    """The command lines of all that run with this data directory."""
    found = []
    for path in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if f"DATA_DIR={data}".encode() in (path / "environ").read_bytes().split(b"\0"):
                found.append((path / "cmdline").read_bytes().replace(b"\0", b" ").decode())
    return found


def environment_of_a_person(**values: str) -> dict[str, str]:
    """This process's environment without what tests/environment.py has set for the other tests."""
    return {name: value for name, value in os.environ.items() if name not in _TEST_SETTINGS} | values


class Demo:
    """`./scripts/demo` in a process group of its own."""

    def __init__(self, data: Path) -> None:
        self.port, self.audio_port, self.data = free_port(), free_port(), data
        self.output: list[str] = []
        self._ready = threading.Event()
        self._process = subprocess.Popen(
            ["./scripts/demo", "--port", str(self.port), "--audio-port", str(self.audio_port), "--data", str(data)],
            cwd=ROOT,
            env=environment_of_a_person(EARSHOT_DEMO_PASSWORD=PASSWORD),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        threading.Thread(target=self._read, daemon=True).start()

    def server(self) -> DemoServer:
        """As soon as it says that it is ready."""
        if not self._ready.wait(PATIENCE_SECONDS):
            pytest.fail(f"the demo was not ready in {PATIENCE_SECONDS} s:\n" + "".join(self.output))
        url, audio_url = f"http://localhost:{self.port}", f"http://localhost:{self.audio_port}"
        return DemoServer(url, audio_url, self.data, self._process.pid, self.output)

    def interrupt(self) -> None:
        """Ctrl-C, as a terminal sends it."""
        os.killpg(self._process.pid, signal.SIGINT)
        self._process.wait(PATIENCE_SECONDS)

    def _read(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            self.output.append(line)
            if re.match(r"Earshot is ready", line):
                self._ready.set()


# What tests/environment.py has set for the other tests.
_TEST_SETTINGS = {"SECRET_KEY", "DATA_DIR", "PUBLIC_URL", "AUDIO_URL", "DEMO", "DATABASE_URL", "REDIS_URL"}


@pytest.fixture(scope="session")
def demo_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DemoServer]:
    """A running demo with data of its own; ends as Ctrl-C ends it."""
    demo = Demo(tmp_path_factory.mktemp("demo"))
    try:
        yield demo.server()
    finally:
        demo.interrupt()
    assert processes_of(demo.data) == [], "Ctrl-C left something running"
