"""`python -m bench.graphql`: CPU a request for 100 assets with tags and project, ours against its peers, over HTTP."""

import argparse
import hashlib
import http.client
import json
import os
import secrets
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from bench.rig import CLOCK_TICKS, ROOT, free_port, wait_until_answering

COLUMNS = "id description mediaType submitted latitude longitude durationSeconds volume weight createdAt"
ASSETS = 2_000
TAGS_EACH = 3
OURS = f"{{ assets(first: 100) {{ nodes {{ {COLUMNS} project {{ id name }} tags {{ nodes {{ id value }} }} }} }} }}"
STOCK = f"{{ assets(first: 100) {{ edges {{ node {{ {COLUMNS} project {{ id name }} tags {{ id value }} }} }} }} }}"


@dataclass(frozen=True, slots=True)
class Contestant:
    """One way to ask for the list; `pid` is the process that answers."""

    name: str
    pid: int
    ask: Callable[[], bytes]

    def cpu_ms(self, requests: int) -> float:
        """What the process uses for one request, over so many."""
        before = _cpu_seconds(self.pid)
        for _ in range(requests):
            self.ask()
        return (_cpu_seconds(self.pid) - before) / requests * 1000


def main() -> None:
    """Rounds in turn, so that a noisy minute is noisy for all."""
    options = _options()
    with _contestants() as contestants:
        for each in contestants:
            _check(each)
        rounds = [[each.cpu_ms(options.requests) for each in contestants] for _ in range(options.rounds)]
    medians = [statistics.median(times) for times in zip(*rounds, strict=True)]
    cost = dict(zip([each.name for each in contestants], medians, strict=True))
    print(" ".join(f"{name}_ms={ms:.2f}" for name, ms in cost.items()))
    print(f"persisted_vs_drf={cost['persisted'] / cost['drf']:.3f}")
    ratios = {f"graphql_vs_{peer}": cost["ours"] / cost[peer] for peer in ("values", "drf", "stock")}
    print(" ".join(f"{name}={ratio:.3f}" for name, ratio in ratios.items()))


@contextmanager
def _contestants() -> Iterator[list[Contestant]]:
    directory, ours, peers = Path(tempfile.mkdtemp(prefix="earshot-bench-")), free_port(), free_port()
    os.environ |= {
        "SECRET_KEY": secrets.token_urlsafe(),
        "DATA_DIR": str(directory),
        "GATEWAY_PORT": str(ours),
        "LOG_LEVEL": "WARNING",
        "DJANGO_SETTINGS_MODULE": "backend.config.settings",
    }
    digest = _prepare(directory)
    here, there = f"http://127.0.0.1:{ours}/graphql/", f"http://127.0.0.1:{peers}"
    persisted = {"extensions": {"persistedQuery": {"version": 1, "sha256Hash": digest}}}
    try:
        with ExitStack() as stack:
            gateway = stack.enter_context(_process(["manage.py", "run_gateway"], f"{here}?query={{__typename}}"))
            other = stack.enter_context(_process(["-m", "bench.graphql_peers", str(peers)], f"{there}/values/"))
            yield [
                Contestant("values", other, _asker(f"{there}/values/")),
                Contestant("drf", other, _asker(f"{there}/drf/")),
                Contestant("stock", other, _asker(f"{there}/stock/", {"query": STOCK})),
                Contestant("ours", gateway, _asker(here, {"query": OURS})),
                Contestant("persisted", gateway, _asker(here, persisted)),
            ]
    finally:
        shutil.rmtree(directory)


def _prepare(directory: Path) -> str:
    """A database of assets, and our document registered; returns its hash."""
    import django

    django.setup()
    from django.core.management import call_command

    from backend.assets.models import Asset
    from backend.projects.models import Project
    from backend.tagging.models import Tag, TagCategory

    call_command("migrate", verbosity=0)
    project = Project.objects.create(name="Bench", latitude=60.17, longitude=24.94)
    category = TagCategory.objects.create(name="theme")
    tags = [Tag.objects.create(project=project, category=category, value=f"tag {number}") for number in range(10)]
    assets = [
        Asset(project=project, description=f"asset {number}", latitude=60.17, longitude=24.94, duration_seconds=12)
        for number in range(ASSETS)
    ]
    links = Asset.tags.through
    links.objects.bulk_create(
        links(asset_id=asset.pk, tag_id=tags[(index + step) % len(tags)].pk)
        for index, asset in enumerate(Asset.objects.bulk_create(assets))
        for step in range(TAGS_EACH)
    )
    documents = directory / "documents"
    documents.mkdir()
    (documents / "assets.graphql").write_text(OURS)
    call_command("register_documents", str(documents), verbosity=0)
    return hashlib.sha256(OURS.encode()).hexdigest()


@contextmanager
def _process(arguments: list[str], url: str) -> Iterator[int]:
    process = subprocess.Popen([sys.executable, *arguments], cwd=ROOT)
    try:
        wait_until_answering(url)
        yield process.pid
    finally:
        process.terminate()
        process.wait(60)


def _asker(url: str, body: dict[str, object] | None = None) -> Callable[[], bytes]:
    """Asks over one connection that stays open."""
    at = urlsplit(url)
    connection = http.client.HTTPConnection(at.netloc, timeout=30)
    method, data = ("GET", None) if body is None else ("POST", json.dumps(body))

    def ask() -> bytes:
        connection.request(method, at.path, data, {"Content-Type": "application/json", "Accept": "application/json"})
        response = connection.getresponse()
        answer = response.read()
        if response.status != 200:
            raise RuntimeError(f"{url} answered {response.status}: {answer[:300]!r}")
        return answer

    return ask


def _check(contestant: Contestant) -> None:
    """All rows are there, with their tags; the first request also warms it up."""
    answer = json.loads(contestant.ask())
    if "errors" in answer:
        raise RuntimeError(f"{contestant.name}: {answer['errors'][0]}")
    text = json.dumps(answer)
    found = (text.count('"asset '), text.count('"tag '))
    if found != (100, 100 * TAGS_EACH):
        raise RuntimeError(f"{contestant.name} gave {found} assets and tags")


def _cpu_seconds(pid: int) -> float:
    """What a process has used, threads that have ended among them."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / CLOCK_TICKS


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--requests", type=int, default=20)
    return parser.parse_args()


if __name__ == "__main__":
    main()
