"""A new resource is its model, its declaration, its entry in the catalogue and its line in schema/types.py."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.house.throwaway.lines import LINES

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def answers(tmp_path_factory):
    """What a house with lamps answers; another process, for there is one schema a process."""
    settings = {"DJANGO_SETTINGS_MODULE": "tests.house.throwaway.settings", "DATABASE_URL": "", "REDIS_URL": ""}
    environment = {**os.environ, **settings, "DATA_DIR": str(tmp_path_factory.mktemp("lamps"))}
    command = [sys.executable, "-m", "tests.house.throwaway.trip"]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=100, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def lamp(answer):
    return next(iter(answer.values()))


def test_it_takes_a_line_in_the_catalogue_and_a_line_in_the_types():
    added = {name: "".join(lines for _, lines in places) for name, places in LINES.items()}
    without_imports = {
        name: [line.strip() for line in text.splitlines() if not line.startswith("from ")]
        for name, text in added.items()
    }
    assert without_imports == {"backend.catalogue": ["LAMP,"], "schema.types": ["Lamp = node(LAMP)"]}


def test_it_is_made_read_changed_and_deleted(answers):
    made = lamp(answers["made"])["lamp"]
    assert made["cone"]["type"] == "MultiPolygon"
    assert {name: made[name] for name in ("name", "heightMetres", "note", "version", "project", "tags")} == {
        "name": "first",
        "heightMetres": 3.0,
        "note": "loose",
        "version": 1,
        "project": {"name": "Walk"},
        "tags": {"nodes": [{"value": "sea"}]},
    }
    changed = {"__typename": "UpdateLampSuccess", "lamp": {"name": "changed", "heightMetres": 3.0, "version": 2}}
    assert lamp(answers["changed"]) == changed
    assert len(lamp(answers["deleted"])["deletedIds"]) == 2
    assert lamp(answers["left"])["totalCount"] == 0


def test_its_rules_hold(answers):
    assert lamp(answers["refused"]) == {"__typename": "NotPermittedError", "code": "NOT_PERMITTED", "field": None}
    invalid = {"__typename": "InvalidInputError", "code": "INVALID_INPUT", "field": "heightMetres"}
    assert lamp(answers["invalid"]) == invalid
    late = {"__typename": "ConflictError", "code": "VERSION_CONFLICT", "field": "expectedVersion"}
    assert lamp(answers["late"]) == late
    assert lamp(answers["owner reads"]) == {"name": "first", "note": "loose"}
    assert lamp(answers["stranger reads"]) == {"name": "first", "note": None}


def test_it_is_sought_and_sorted(answers):
    assert lamp(answers["filtered"]) == {"totalCount": 1, "nodes": [{"name": "second"}]}
    assert lamp(answers["tagged"])["nodes"] == [{"name": "first"}]
    assert lamp(answers["ordered"])["nodes"] == [{"name": "second"}, {"name": "first"}]


def test_everything_of_it_is_described(answers):
    assert answers["undescribed"] == []


def test_a_wrong_declaration_is_found_at_boot(answers):
    assert answers["faults"] == {
        "as it is": [],
        "no such field": ["earshot.E001"],
        "no index": ["earshot.E004"],
        "unknown relation": ["earshot.E003"],
    }
