"""What a refusal must leave as it was: every row of every resource, the logs, and the bus."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.core.serializers import serialize
from django.test import TestCase

from backend.catalogue import CATALOGUE
from backend.journal.models import Head
from tests.fakes import RecordingBus


def everything() -> list[str]:
    """All rows of all resources with their links, and how far the logs have come, as text."""
    models = [*(resource.model for resource in CATALOGUE), Head]
    return [serialize("json", model._default_manager.order_by("pk")) for model in models]


@contextmanager
def nothing_changes(bus: RecordingBus) -> Iterator[None]:
    """Whatever happens within changes no row, publishes nothing and leaves nothing to do on commit."""
    before, sent = everything(), len(bus.sent)
    with TestCase.captureOnCommitCallbacks(execute=True) as callbacks:
        yield
    assert (everything(), bus.sent[sent:], callbacks) == (before, [], [])
