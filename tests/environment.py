"""A pytest plugin, loaded before Django's settings: an environment of its own, so no test touches a person's data."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.fakes import RecordingBus

os.environ["SECRET_KEY"] = "only-for-tests"
os.environ["DATA_DIR"] = tempfile.mkdtemp(prefix="earshot-tests-")
os.environ["PUBLIC_URL"] = "http://testserver"
os.environ["AUDIO_URL"] = "http://audio.testserver"
os.environ["DEMO"] = "false"
for name in ("DATABASE_URL", "REDIS_URL"):
    os.environ[name] = os.environ.get(f"TEST_{name}", "")


@pytest.fixture(autouse=True)
def recording_bus(monkeypatch: pytest.MonkeyPatch) -> "Iterator[RecordingBus]":
    """Every test has a bus of its own, within its process."""
    import backend.bus
    from tests.fakes import RecordingBus

    bus = RecordingBus()
    monkeypatch.setattr(backend.bus, "current", lambda: bus)
    yield bus
    bus.close()


@pytest.fixture(autouse=True)
def empty_cache(settings) -> None:
    """Every test begins with a cache of its own process, and nothing in it."""
    from django.core.cache import cache

    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    cache.clear()


@pytest.fixture(autouse=True)
def changes_before_are_committed(monkeypatch: pytest.MonkeyPatch) -> None:
    """A test is one long transaction: what it recorded before it looks at a commit counts as told by then."""
    from django.db import connection
    from django.test import TestCase

    capture = TestCase.captureOnCommitCallbacks

    def capture_from_here(*args: Any, **kwargs: Any) -> AbstractContextManager[Any]:
        for hook in connection.run_on_commit:
            if hasattr(hook[1], "is_told"):
                hook[1].is_told = True
        return capture(*args, **kwargs)

    monkeypatch.setattr(TestCase, "captureOnCommitCallbacks", capture_from_here)
