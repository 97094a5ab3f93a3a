"""Records events as any process may: with a database connection and a bus of its own, beside the gateway."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from tests.journeys.conftest import ROOT, environment_of_a_person


def quickly_started(data: Path, **values: str) -> dict[str, str]:
    """An environment with this data directory, in which modules are compiled once for all processes."""
    environment = environment_of_a_person(DATA_DIR=str(data), PYTHONPYCACHEPREFIX=str(data / "bytecode"), **values)
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    return environment


class LogWriter:
    """That process, from here: it does one thing after the other."""

    def __init__(self, data: Path, secret_key: str) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.journeys.log_writer"],
            cwd=ROOT,
            env=quickly_started(data, SECRET_KEY=secret_key, LOG_LEVEL="WARNING"),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def __enter__(self) -> "LogWriter":
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.communicate()

    def make_project(self, *, characters: int = 20) -> tuple[str, str]:
        """Its id, and its cursor now; one public asset with so long a description is in it."""
        self._begin("make_project", characters=characters)
        made = self.done()
        return made["id"], made["cursor"]

    def record(self, events: int, *, every_seconds: float = 0.0, together: int = 1) -> None:
        """Changes of the asset that was made last, so many in one transaction; `done` waits for their end."""
        self._begin("record", events=events, every_seconds=every_seconds, together=together)

    def done(self) -> dict[str, Any]:
        """The cursor after what was begun."""
        assert self._process.stdout is not None
        said: dict[str, Any] = json.loads(self._process.stdout.readline())
        return said

    def _begin(self, verb: str, **arguments: Any) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps([verb, arguments]) + "\n")
        self._process.stdin.flush()


class _Works:
    """In the other process; Django is imported there alone."""

    def __init__(self) -> None:
        self._project = self._asset = 0

    def make_project(self, *, characters: int) -> dict[str, str]:
        from backend.assets.models import Asset
        from backend.projects.models import Project
        from schema.ids import global_id

        project = Project.objects.create(name="Followed", latitude=60.17, longitude=24.94)
        asset = Asset.objects.create(
            project=project, latitude=60.17, longitude=24.94, submitted=True, description="x" * characters
        )
        self._project, self._asset = project.pk, asset.pk
        return {"id": global_id("Project", project.pk), **self._head()}

    def record(self, *, events: int, every_seconds: float, together: int) -> dict[str, str]:
        from backend.bus.events import AssetChanged
        from backend.journal.actions import record_all

        began = time.monotonic()
        event = AssetChanged(self._project, self._asset, was_public=True, is_public=True)
        for number in range(0, events, together):
            time.sleep(max(0.0, began + number * every_seconds - time.monotonic()))
            record_all([event] * min(together, events - number))
        return self._head()

    def _head(self) -> dict[str, str]:
        from backend.journal.queries import head

        return {"cursor": str(head(self._project))}


def _work() -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "backend.config.settings"
    import django

    django.setup()
    works = _Works()
    for line in sys.stdin:
        verb, arguments = json.loads(line)
        print(json.dumps(getattr(works, verb)(**arguments)), flush=True)


if __name__ == "__main__":
    _work()
