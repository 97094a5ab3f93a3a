"""How long the gateway's event loop stands still while a query for 100 × 100 rows is answered.

`python -m bench.stall`; the last line is `worst_stall_ms=…`. A probe in the gateway itself wakes every few
milliseconds and keeps how late it was at worst; an idle gateway tells what the machine alone does to it.
"""

import asyncio
import json
import os
import secrets
import shutil
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from bench.rig import ROOT, free_port, wait_until_answering

ROWS = 100
QUERY = (
    f"{{ assets(first: {ROWS}) {{ nodes {{ id description mediaType latitude longitude createdAt project {{ id name }}"
    f" tags(first: {ROWS}) {{ nodes {{ id value description }} }} }} }} }}"
)
PROBE_SECONDS = 0.002
ASKED = 5
IDLE_SECONDS = 3.0
PATIENCE_SECONDS = 60


class Probed:
    """An ASGI application, and a probe beside it: `GET /stall` tells the worst since it was asked last."""

    def __init__(self, application: Any) -> None:
        self._application = application
        self._worst_seconds = 0.0
        self._probe: asyncio.Task[None] | None = None

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Called by the server for every request."""
        self._probe = self._probe or asyncio.create_task(self._watch())
        if scope["type"] != "http" or scope["path"] != "/stall":
            await self._application(scope, receive, send)
            return
        worst, self._worst_seconds = self._worst_seconds, 0.0
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": json.dumps(worst * 1_000).encode()})

    async def _watch(self) -> None:
        while True:
            due = time.perf_counter() + PROBE_SECONDS
            await asyncio.sleep(PROBE_SECONDS)
            self._worst_seconds = max(self._worst_seconds, time.perf_counter() - due)


def main() -> None:
    """Print what an idle gateway has, what one query does, and what four at once do."""
    with _gateway() as url:
        _worst_ms(url)
        time.sleep(IDLE_SECONDS)
        idle = _worst_ms(url)
        size = len(_ask(url))
        _worst_ms(url)
        alone = max(_stalled_by(url, at_once=1) for _ in range(ASKED))
        together = _stalled_by(url, at_once=4)
    print(f"answer_kb={size / 1_000:.0f} idle_stall_ms={idle:.1f} four_at_once_stall_ms={together:.1f}")
    print(f"worst_stall_ms={alone:.1f}")


def _stalled_by(url: str, *, at_once: int) -> float:
    askers = [threading.Thread(target=_ask, args=(url,)) for _ in range(at_once)]
    for asker in askers:
        asker.start()
    for asker in askers:
        asker.join()
    return _worst_ms(url)


def _ask(url: str) -> bytes:
    body = json.dumps({"query": QUERY}).encode()
    request = urllib.request.Request(f"{url}/graphql/", body, {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=PATIENCE_SECONDS) as response:
        answer: bytes = response.read()
    assert b'"errors"' not in answer, answer[:500]
    return answer


def _worst_ms(url: str) -> float:
    with urllib.request.urlopen(f"{url}/stall", timeout=PATIENCE_SECONDS) as response:
        return float(response.read())


@contextmanager
def _gateway() -> Iterator[str]:
    directory, port = Path(tempfile.mkdtemp(prefix="earshot-bench-")), free_port()
    os.environ |= {
        "SECRET_KEY": secrets.token_urlsafe(),
        "DATA_DIR": str(directory),
        "GRAPHQL_MAX_COST": "1000000",
        "LOG_LEVEL": "WARNING",
        "DJANGO_SETTINGS_MODULE": "backend.config.settings",
    }
    _prepare_database()
    url = f"http://127.0.0.1:{port}"
    process = subprocess.Popen([sys.executable, "-m", "bench.stall", str(port)], cwd=ROOT)
    try:
        wait_until_answering(f"{url}/stall")
        yield url
    finally:
        process.terminate()
        process.wait(PATIENCE_SECONDS)
        shutil.rmtree(directory)


def _prepare_database() -> None:
    import django

    django.setup()
    from django.core.management import call_command

    from backend.assets.models import Asset
    from backend.projects.models import Project
    from backend.tagging.models import Tag, TagCategory

    call_command("migrate", verbosity=0)
    project = Project.objects.create(name="Bench", latitude=60.17, longitude=24.94)
    category = TagCategory.objects.create(name="bench")
    tags = [
        Tag.objects.create(project=project, category=category, value=f"tag {n}", description="x" * 40)
        for n in range(ROWS)
    ]
    for number in range(ROWS):
        asset = Asset.objects.create(project=project, description=f"asset {number}", latitude=60.17, longitude=24.94)
        asset.tags.set(tags)


def _serve(port: int) -> None:
    import django

    django.setup()
    from backend.config.asgi import gateway
    from backend.config.gateway import GatewayServer
    from backend.database import threads

    threads.connect()
    GatewayServer(Probed(gateway()), host="127.0.0.1", port=port, max_body_bytes=1 << 20).run()


if __name__ == "__main__":
    _serve(int(sys.argv[1])) if len(sys.argv) > 1 else main()
