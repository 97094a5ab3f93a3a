"""The table of rulings in docs/rest.md, and how a test says which of them it is about."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import ModuleType
from typing import Any, TypeVar

from django.db import transaction

from tests.backend.rest.samples import named
from tests.backend.rest.world import World
from tests.guide import REST_GUIDE

Test = TypeVar("Test", bound=Callable[..., Any])

CELL = re.compile(r" *\| *")
# An id that no row has.
MISSING = 10**15


@dataclass(frozen=True)
class Ruling:
    """A row of the table."""

    topic: str
    document: str
    old_server: str
    earshot: str

    @property
    def is_tested(self) -> bool:
        """Few cannot be seen by a client; they say why."""
        return "not testable here" not in self.earshot


def rulings() -> list[Ruling]:
    """The table, without its head."""
    lines = REST_GUIDE.read_text().partition("\n## Rulings\n")[2].splitlines()
    rows = [CELL.split(line.strip("| ")) for line in lines if line.startswith("|")]
    return [Ruling(*row) for row in rows[2:]]


def ruling(*topics: str) -> Callable[[Test], Test]:
    """Says what a test is about."""

    def decorate(test: Test) -> Test:
        test.__dict__["topics"] = topics
        return test

    return decorate


def topics_of(module: ModuleType) -> Iterator[str]:
    """What the tests of a module are about."""
    tests = (test for name, test in vars(module).items() if name.startswith("test_"))
    return (topic for test in tests for topic in getattr(test, "topics", ()))


@contextmanager
def undone() -> Iterator[None]:
    """What is written within has not been written afterwards."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def in_world(value: Any, world: World) -> Any:
    """What is sent or answered, with the ids of this world for names, as in `{asset}`; `{missing}` is of no row."""
    return named(value, {**world.ids, "missing": MISSING})
