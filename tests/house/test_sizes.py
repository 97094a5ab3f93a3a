"""Rooms stay small: files, functions and exceptions to the checks."""

import ast
import re
import statistics
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SOURCES = [
    path
    for room in ("backend", "schema", "realtime", "audio_engine", "bench")
    for path in sorted((ROOT / room).rglob("*.py"))
    if "migrations" not in path.parts
]
MAX_FILE_LINES = 400
MAX_FUNCTION_LINES = 50
MEDIAN_FUNCTION_LINES = 10
LINES_PER_EXCEPTION = 1_000
EXCEPTION = re.compile(r"#\s*(noqa|type:\s*ignore|pragma: no cover)")


def functions(path):
    """Every function in a file with the number of its lines."""
    tree = ast.parse(path.read_text())
    return [
        (f"{path.relative_to(ROOT)}:{node.name}", node.end_lineno - node.lineno + 1)
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    ]


@pytest.fixture(scope="module")
def lengths():
    return [length for path in SOURCES for length in functions(path)]


def test_no_file_is_longer_than_a_room_may_be():
    assert [path.name for path in SOURCES if len(path.read_text().splitlines()) > MAX_FILE_LINES] == []


def test_no_function_is_longer_than_a_screen(lengths):
    assert [name for name, lines in lengths if lines > MAX_FUNCTION_LINES] == []


def test_the_median_function_is_short(lengths):
    assert statistics.median(lines for _, lines in lengths) < MEDIAN_FUNCTION_LINES


def test_exceptions_to_the_checks_are_rare():
    text = "\n".join(path.read_text() for path in SOURCES)
    assert len(EXCEPTION.findall(text)) <= len(text.splitlines()) / LINES_PER_EXCEPTION
