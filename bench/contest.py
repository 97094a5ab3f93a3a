"""Answers over HTTP of one thing, by different ways: what each request costs the process that gives them."""

import http.client
import importlib
import json
import os
import secrets
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from bench.rig import CLOCK_TICKS, ROOT, free_port, wait_until_answering

Ask = Callable[[], bytes]


@dataclass(frozen=True, slots=True)
class Contestant:
    """One way to ask; `pid` is the process that answers."""

    name: str
    pid: int
    ask: Ask

    def cpu_ms(self, requests: int) -> float:
        """What the process uses for one request, over so many."""
        before = cpu_seconds(self.pid)
        for _ in range(requests):
            self.ask()
        return (cpu_seconds(self.pid) - before) / requests * 1000


def medians(contestants: Sequence[Contestant], *, rounds: int, requests: int) -> dict[str, float]:
    """Milliseconds of CPU a request, by name; in rounds by turns, so that a noisy minute is noisy for all."""
    times = [[each.cpu_ms(requests) for each in contestants] for _ in range(rounds)]
    typical = map(statistics.median, zip(*times, strict=True))
    return dict(zip([each.name for each in contestants], typical, strict=True))


@contextmanager
def gateway_environment() -> Iterator[tuple[Path, int]]:
    """A data directory of its own, and the port that a gateway will have."""
    directory, port = Path(tempfile.mkdtemp(prefix="earshot-bench-")), free_port()
    os.environ |= {
        "SECRET_KEY": secrets.token_urlsafe(),
        "DATA_DIR": str(directory),
        "GATEWAY_PORT": str(port),
        "LOG_LEVEL": "WARNING",
        "DJANGO_SETTINGS_MODULE": "backend.config.settings",
    }
    try:
        yield directory, port
    finally:
        shutil.rmtree(directory)


@contextmanager
def process(arguments: list[str], url: str) -> Iterator[int]:
    """A Python process for as long as it is needed, from when it answers at `url`; gives its id."""
    running = subprocess.Popen([sys.executable, *arguments], cwd=ROOT)
    try:
        wait_until_answering(url)
        yield running.pid
    finally:
        running.terminate()
        running.wait(60)


def asker(url: str, body: Mapping[str, object] | None = None, *, token: str | None = None) -> Ask:
    """Asks over one connection that stays open. Raises RuntimeError for any answer but 200."""
    at = urlsplit(url)
    connection = http.client.HTTPConnection(at.netloc, timeout=60)
    method, data = ("GET", None) if body is None else ("POST", json.dumps(body))
    headers = {"Content-Type": "application/json", "Accept": "application/json"}
    headers |= {} if token is None else {"Authorization": f"Token {token}"}
    target = f"{at.path}?{at.query}"

    def ask() -> bytes:
        connection.request(method, target, data, headers)
        response = connection.getresponse()
        answer = response.read()
        if response.status != 200:
            raise RuntimeError(f"{url} answered {response.status}: {answer[:300]!r}")
        return answer

    return ask


def serve_bare(views: Callable[[], Mapping[str, Any]], port: int) -> None:
    """Serves these views by their addresses until killed: on the gateway's server, with nothing around them."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "backend.config.settings")
    import django

    django.setup()
    gateway = importlib.import_module("backend.config.gateway")
    from django.conf import settings
    from django.core.handlers.asgi import ASGIHandler
    from django.urls import path

    routes = type("Routes", (), {"urlpatterns": [path(address, view) for address, view in views().items()]})
    settings.ROOT_URLCONF = routes
    settings.MIDDLEWARE = []
    gateway.GatewayServer(ASGIHandler(), host="127.0.0.1", port=port, max_body_bytes=1 << 20).run()


def cpu_seconds(pid: int) -> float:
    """What a process has used, threads that have ended among them."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / CLOCK_TICKS
