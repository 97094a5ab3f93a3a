"""What a refusal must leave as it was: every row of every resource, and the bus."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.core.serializers import serialize
from django.test import TestCase

from backend.catalogue import CATALOGUE
from tests.fakes import RecordingBus


def everything() -> list[str]:
    """All rows of all resources with their links, as text."""
    return [serialize("json", resource.model._default_manager.order_by("pk")) for resource in CATALOGUE]


@contextmanager
def nothing_changes(bus: RecordingBus) -> Iterator[None]:
    """Whatever happens within changes no row, publishes nothing and leaves nothing to do on commit."""
    before, sent = everything(), len(bus.sent)
    with TestCase.captureOnCommitCallbacks(execute=True) as callbacks:
        yield
    assert (everything(), bus.sent[sent:], callbacks) == (before, [], [])
