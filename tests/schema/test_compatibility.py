"""A schema may grow; what it takes away must have been said."""

import subprocess

import pytest

from schema.compatibility import SNAPSHOT, earlier_schema, unannounced

BEFORE = "type Query { one: Int two(a: Int): Int }"


def test_growing_breaks_nobody():
    assert unannounced(BEFORE, "type Query { one: Int two(a: Int, b: Int): Int three: Int }", []) == []


@pytest.mark.parametrize(
    ("after", "sentence"),
    [
        ("type Query { two(a: Int): Int }", "Query.one was removed."),
        ("type Query { one: String two(a: Int): Int }", "Query.one changed type from Int to String."),
        ("type Query { one: Int two(a: Int!): Int }", "two"),
    ],
)
def test_what_is_taken_away_is_named(after, sentence):
    (found,) = unannounced(BEFORE, after, ["Breaking: something else"])
    assert sentence in found
    assert unannounced(BEFORE, after, ["# Fewer numbers\n\nNobody used it.\n\nBreaking: " + found]) == []


@pytest.fixture
def repository(tmp_path):
    """A repository with two versions of the schema."""

    def git(*arguments):
        subprocess.run(["git", "-c", "user.name=x", "-c", "user.email=x@y", *arguments], cwd=tmp_path, check=True)

    git("init", "-q")
    path = tmp_path / SNAPSHOT
    path.parent.mkdir()
    for text in ("type Query { one: Int }", "type Query { two: Int }"):
        path.write_text(text)
        git("add", ".")
        git("commit", "-q", "-m", text)
    return tmp_path


def test_the_schema_is_compared_with_the_last_that_differs(repository):
    assert earlier_schema(repository) == "type Query { one: Int }"
    (repository / SNAPSHOT).write_text("type Query { three: Int }")
    assert earlier_schema(repository) == "type Query { two: Int }"


def test_without_history_there_is_nothing_to_compare(tmp_path):
    (tmp_path / "schema").mkdir()
    (tmp_path / SNAPSHOT).write_text(BEFORE)
    assert earlier_schema(tmp_path) is None
