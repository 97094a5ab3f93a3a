"""What a refusal must leave as it was: every row of every resource, the logs, and the bus."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

from django.db import connection
from django.test import TestCase

from backend.catalogue import CATALOGUE
from backend.journal.models import Head
from tests.fakes import RecordingBus


def everything() -> dict[str, list[Any]]:
    """All rows of all resources, and of the links between them, and how far the logs have come, by table."""
    with connection.cursor() as cursor:
        return {table: _rows(cursor, table) for table in _tables()}


@cache
def _tables() -> list[str]:
    models = [*(resource.model for resource in CATALOGUE), Head]
    links = [field.remote_field.through for model in models for field in model._meta.local_many_to_many]
    return sorted({model._meta.db_table for model in (*models, *links)})


def _rows(cursor: Any, table: str) -> list[Any]:
    # Django's own serializer takes twenty times as long, and refusals are what most tests are of.
    cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)} ORDER BY 1")
    return list(cursor.fetchall())


@contextmanager
def nothing_changes(bus: RecordingBus) -> Iterator[None]:
    """Whatever happens within changes no row, publishes nothing and leaves nothing to do on commit."""
    before, sent = everything(), len(bus.sent)
    with TestCase.captureOnCommitCallbacks(execute=True) as callbacks:
        yield
    assert (everything(), bus.sent[sent:], callbacks) == (before, [], [])
