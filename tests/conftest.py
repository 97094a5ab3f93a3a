"""The cast and a small project, for every test that asks for them."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.contenttypes.management import create_contenttypes
from django.contrib.contenttypes.models import ContentType
from django.db.models.signals import post_migrate

from backend.errors import DomainError
from tests.cast import Cast, Walk, make_cast, make_walk
from tests.fakes import RecordingBus
from tests.unchanged import nothing_changes


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None) -> None:
    """After a test that commits, Django empties all tables, and fills those of its permissions again: 0.2 s a test.

    Nothing here needs them but what makes them itself.
    """
    post_migrate.disconnect(create_contenttypes)
    post_migrate.disconnect(dispatch_uid="django.contrib.auth.management.create_permissions")
    post_migrate.connect(_forget_content_types, dispatch_uid="content types are gone")


def _forget_content_types(**_: Any) -> None:
    ContentType.objects.clear_cache()


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
