"""The cast and a small project, for every test that asks for them."""

from collections.abc import Callable
from typing import Any

import pytest

from backend.errors import DomainError
from tests.cast import Cast, Walk, make_cast, make_walk
from tests.fakes import RecordingBus
from tests.unchanged import nothing_changes


@pytest.fixture
def walk(db: None) -> Walk:
    """A small project that sounds."""
    return make_walk()


@pytest.fixture
def cast(walk: Walk) -> Cast:
    """Four users; the owner owns the project of `walk`."""
    return make_cast(walk.project)


@pytest.fixture
def refused(recording_bus: RecordingBus) -> Callable[..., str]:
    """Does what must raise `kind` of `field` and change nothing; gives the sentence."""

    def act(kind: type[DomainError], field: str | None, write: Callable[..., Any], *args: Any, **kwargs: Any) -> str:
        with nothing_changes(recording_bus), pytest.raises(kind) as refusal:
            write(*args, **kwargs)
        assert refusal.value.field == field, refusal.value
        return refusal.value.message

    return act


@pytest.fixture
def quick_passwords(settings) -> None:
    """Hashes that cost nothing, for tests that check passwords."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
