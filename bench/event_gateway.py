"""A real gateway, a project whose events are recorded here, and people who may see them. Used by the benchmarks."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from bench.contest import gateway_environment, process
from bench.rig import LATITUDE, LONGITUDE, hub_beside
from bench.subscribers import Wanted

# Each user is a class of viewers of its own, with so many sockets; the other subscribers are nobody known.
SOCKETS_EACH = 5
ASSETS = 50


class Gateway:
    """Ours: every event is a change of a public asset, recorded in the log of a project."""

    def __init__(self, pid: int, url: str, users: int, words: str) -> None:
        self.pid = pid
        self.url = url
        self.project, self._assets = _make_project(words)
        self.tokens = [token for token in _make_users(users) for _ in range(SOCKETS_EACH)]
        self._number = _head(self.project)

    def tell(self) -> tuple[int, float]:
        """See Teller."""
        from django.db import transaction

        from backend.bus.events import AssetChanged
        from backend.journal.actions import record

        times: list[float] = []
        asset = self._assets[self._number % len(self._assets)]
        with transaction.atomic():
            # Before the event's own, which publishes it.
            transaction.on_commit(lambda: times.append(time.monotonic()))
            record(AssetChanged(self.project, asset, was_public=True, is_public=True))
        self._number += 1
        return self._number, times[0]

    def wanted(self, subscribers: int, *, deaf: int = 0) -> Wanted:
        """So many, of several classes; the last `deaf` of them never read."""
        from schema.ids import global_id

        known = self.tokens[: subscribers // 2]
        tokens = [*known, *[None] * (subscribers - len(known))]
        return Wanted(self.url, global_id("Project", self.project), tokens, deaf)


@contextmanager
def running_gateway(users: int = 0, *, words: str = "") -> Iterator[Gateway]:
    """One with so many users; `words` are a part of every event."""
    with gateway_environment() as (directory, port):
        import django

        django.setup()
        from django.core.management import call_command

        call_command("migrate", verbosity=0)
        url = f"http://127.0.0.1:{port}/"
        with hub_beside(directory / "bus.sock"), process(["manage.py", "run_gateway"], url) as pid:
            yield Gateway(pid, f"ws://127.0.0.1:{port}/graphql/", users, words)


def _make_project(words: str) -> tuple[Any, list[Any]]:
    from backend.assets.models import Asset
    from backend.projects.models import Language, Project

    project = Project.objects.create(name="Bench", latitude=LATITUDE, longitude=LONGITUDE)
    project.languages.add(Language.objects.get(pk=1))
    assets = [
        Asset.objects.create(
            project=project,
            description=f"What the harbour sounds like at {number:02} o'clock{words}",
            submitted=True,
            latitude=LATITUDE,
            longitude=LONGITUDE,
        )
        for number in range(ASSETS)
    ]
    return project.pk, [asset.pk for asset in assets]


def _head(project: Any) -> int:
    from backend.journal.queries import head

    return head(project).sequence


def _make_users(count: int) -> list[str]:
    from backend.accounts.actions import issue_token
    from backend.accounts.models import User

    return [issue_token(User.objects.create(username=f"viewer {number}")) for number in range(count)]
