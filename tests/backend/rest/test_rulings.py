"""The table of rulings and the tests: each ruling is tested, and each tested topic stands in the table."""

from importlib import import_module
from pathlib import Path

import pytest

from tests.backend.rest.rulings import rulings, topics_of

ROOT = Path(__file__).resolve().parents[3]
# Media are served beside this door, by a room of their own.
WHERE = ("tests/backend/rest/test_*.py", "tests/backend/rest/derive/test_*.py", "tests/backend/web/test_media.py")


@pytest.fixture(scope="module")
def tested() -> set[str]:
    paths = (path.relative_to(ROOT) for pattern in WHERE for path in ROOT.glob(pattern))
    modules = [import_module(".".join(path.with_suffix("").parts)) for path in paths]
    return {topic for module in modules for topic in topics_of(module)}


def test_every_ruling_has_a_test(tested: set[str]) -> None:
    assert [each.topic for each in rulings() if each.is_tested and each.topic not in tested] == []


def test_every_test_of_a_ruling_names_one(tested: set[str]) -> None:
    assert tested - {each.topic for each in rulings()} == set()


def test_every_ruling_says_something_of_all_three_and_stands_once() -> None:
    table = rulings()
    assert [each for each in table if not all((each.topic, each.document, each.old_server, each.earshot))] == []
    assert len({each.topic for each in table}) == len(table)


def test_hardly_any_ruling_is_not_tested() -> None:
    assert len([each for each in rulings() if not each.is_tested]) < 0.05 * len(rulings())
