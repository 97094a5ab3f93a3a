"""The cast and a small project, for every test that asks for them."""

from collections.abc import Callable
from typing import Any

import pytest
from django.apps import apps
from django.contrib.contenttypes.management import create_contenttypes
from django.contrib.contenttypes.models import ContentType
from django.db.models.signals import post_migrate

from backend.errors import DomainError
from backend.visits.models import STAFF_SESSION_ID, Session
from tests.cast import Cast, Walk, english, make_cast, make_walk
from tests.fakes import RecordingBus
from tests.unchanged import nothing_changes


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None) -> None:
    """After a test that commits, Django empties all tables, and fills those of its permissions again: 0.2 s a test.

    Nothing here needs them but what makes them itself. What our migrations made is made again: the order of the tests
    is nobody's promise.
    """
    post_migrate.disconnect(create_contenttypes)
    post_migrate.disconnect(dispatch_uid="django.contrib.auth.management.create_permissions")
    post_migrate.connect(_after_emptying, sender=apps.get_app_config("visits"), dispatch_uid="tables are empty")


def _after_emptying(**_: Any) -> None:
    reserved = {"language": english(), "client_type": "admin", "geo_listen_enabled": False}
    Session.objects.get_or_create(pk=STAFF_SESSION_ID, defaults=reserved)


@pytest.fixture(autouse=True)
def content_types_of_this_test() -> None:
    """Rows that another test made, and that went with it, are remembered for the whole process else."""
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
