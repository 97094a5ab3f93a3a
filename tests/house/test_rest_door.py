"""The door of the old API parses, calls one domain function and presents: it holds no rule, and stays small."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
DOOR = ROOT / "backend" / "rest"
FILES = sorted(DOOR.rglob("*.py"))
BY_HAND = [path for path in FILES if not path.is_relative_to(DOOR / "derive")]
MAX_LINES_BY_HAND = 1_200
# What decides or changes something: rows by the model's own manager, transactions, who may, what others are told.
RULES = (
    r"\.objects\b", r"_default_manager", r"\btransaction\b", r"\bis_staff\b", r"\bis_superuser\b", r"\bmay_\w+",
    r"\bgroup_send\b", r"\bpublish\b", r"\bbackend\.bus\b", r"\.save\(", r"\.delete\(\)", r"\.update\(\w+=",
)  # fmt: skip
OTHER_DOORS = r"^\s*(from|import) (schema|realtime|audio_engine|backend\.web)\b"


def code(path: Path) -> str:
    """What a file does, without what it says of that."""
    return re.sub(r'""".*?"""|#.*', "", path.read_text(), flags=re.DOTALL)


@pytest.mark.parametrize("rule", [*RULES, OTHER_DOORS])
def test_the_door_holds_no_rule(rule: str) -> None:
    assert [path.name for path in FILES if re.search(rule, code(path), re.MULTILINE)] == []


def test_a_rule_would_be_found() -> None:
    assert all(re.search(rule, "Asset.objects.get(pk=1)  # x") is None for rule in RULES[1:])
    assert re.search(RULES[0], "Asset.objects.get(pk=1)")
    assert re.search(OTHER_DOORS, "import os\nfrom schema.root import schema", re.MULTILINE)


def test_what_is_written_by_hand_stays_small() -> None:
    assert sum(len(path.read_text().splitlines()) for path in BY_HAND) < MAX_LINES_BY_HAND
