"""Both doors are told the same, each in a world that is taken back afterwards, and what happened is held up."""

import os
import random
import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast
from unittest.mock import patch

from django.conf import settings
from django.core.cache import cache
from django.core.management.color import no_style
from django.db import connection, transaction
from django.db.models import Model
from django.test import TestCase
from django.utils import timezone
from rest_framework.test import APIClient

import backend.bus
from backend.bus.codec import Message
from backend.catalogue import CATALOGUE
from schema.ids import global_id
from tests.fakes import RecordingBus
from tests.parity.scenario import Scenario, named
from tests.parity.world import World
from tests.schema.asking import do

# Any will do, but the same for both.
SEED = 4
MODELS = [resource.model for resource in CATALOGUE]
LINKS = {link.remote_field.through for model in MODELS for link in model._meta.many_to_many}

GONE = "gone"

# What stands in the database, by model, key and column.
Facts = dict[tuple[str, Any, str], object]


@dataclass(frozen=True, slots=True)
class Refusal:
    """What a door says of why it did nothing; `code` is that of the domain at one door, of HTTP at the other."""

    code: str | int
    field: str | None
    message: str


@dataclass(frozen=True, slots=True)
class Happened:
    """What became of the world: which facts are others, what was published, what files (name, bytes) there are."""

    changes: Facts
    published: list[Message]
    files: list[tuple[str, int]]


class Doors:
    """Tells a scenario to one door after the other. Whoever comes second finds nothing of the first."""

    def __init__(self, world: World) -> None:
        self.world, self.before = world, all_facts(timezone.now())
        # One for all: its middleware is slow to load.
        self.http = APIClient()

    def rest(self, scenario: Scenario) -> tuple[Happened, Refusal | None]:
        """Through the old API."""
        method, path = named(scenario.rest.call, self._number).split(" ", 1)
        body = named(scenario.rest.body, self._number)
        send = getattr(self.http, method.lower())
        with self._held() as happened:
            answer = send(
                f"/api/2/{path}", body, format=scenario.rest.format, headers=self.world.authorization(scenario.who)
            )
        return happened(), _refusal_of(answer)

    def graphql(self, scenario: Scenario) -> tuple[Happened, Refusal | None]:
        """Through the GraphQL door."""
        given = named(scenario.graphql.input, self._global_id)
        with self._held() as happened:
            told = do(scenario.graphql.mutation, "clientMutationId", self.world.viewer(scenario.who), **given)
        is_done = told["__typename"].endswith("Success")
        return happened(), None if is_done else Refusal(told["code"], told["field"], told["message"])

    def _number(self, name: str) -> object:
        return self.world.rows[name].pk

    def _global_id(self, name: str) -> object:
        row = self.world.rows[name]
        return global_id(type(row).__name__, row.pk)

    @contextmanager
    def _held(self) -> Iterator[Callable[[], Happened]]:
        """Gives what has happened within; none of it lasts."""
        bus, seen = cast(RecordingBus, backend.bus.current()), list[Happened]()
        self._lay_out_equally()
        with transaction.atomic(), equal_chances():
            since, already = timezone.now(), len(bus.sent)
            with TestCase.captureOnCommitCallbacks(execute=True):
                yield lambda: seen[0]
            seen.append(Happened(_changes(self.before, all_facts(since)), bus.sent[already:], _files()))
            transaction.set_rollback(True)

    def _lay_out_equally(self) -> None:
        """The numbers of rows to come, files and counted tries are as for the other door."""
        with connection.cursor() as cursor:
            for statement in connection.ops.sequence_reset_sql(no_style(), MODELS):
                cursor.execute(statement)
        shutil.rmtree(settings.MEDIA_ROOT)
        settings.MEDIA_ROOT.mkdir()
        (settings.MEDIA_ROOT / self.world.rows["asset"].filename).write_bytes(b"sound")
        cache.clear()


@contextmanager
def equal_chances() -> Iterator[None]:
    """All that is drawn within is drawn again by the next."""
    source = random.Random(SEED)
    # uuid asks the first, secrets the second.
    with patch.object(os, "urandom", source.randbytes), patch.object(random, "_urandom", source.randbytes):
        yield


def all_facts(since: datetime) -> Facts:
    """All rows of all resources, and their links as pairs; moments that are not before `since` are `now`."""
    facts: Facts = {}
    for model in MODELS:
        for row in model._base_manager.values():
            facts |= {(model.__name__, row[model._meta.pk.attname], name): _told(row[name], since) for name in row}
    for model in LINKS:
        facts |= dict.fromkeys(((model.__name__, pair, "is linked") for pair in _pairs(model)), True)
    return facts


def _told(value: object, since: datetime) -> object:
    return "now" if isinstance(value, datetime) and value >= since else value


def _pairs(through: type[Model]) -> Iterable[tuple[Any, ...]]:
    """The keys of the rows that it links."""
    columns = [column.attname for column in through._meta.concrete_fields if column.is_relation]
    return through._base_manager.values_list(*columns)


def _changes(before: Facts, after: Facts) -> Facts:
    known = {**before, **after}
    return {fact: after.get(fact, GONE) for fact in known if before.get(fact, GONE) != after.get(fact, GONE)}


def _files() -> list[tuple[str, int]]:
    return sorted((path.name, path.stat().st_size) for path in settings.MEDIA_ROOT.rglob("*") if path.is_file())


def _refusal_of(answer: Any) -> Refusal | None:
    if answer.status_code < 400:
        return None
    ((key, told),) = answer.json().items()
    return Refusal(answer.status_code, key, told if isinstance(told, str) else " ".join(told))
