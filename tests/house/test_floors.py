"""No lock file falls below the versions that closed known holes."""

import re
from pathlib import Path

import pytest
from packaging.version import Version

ROOT = Path(__file__).resolve().parents[2]
FLOORS = {
    "django": "5.2.19",
    "daphne": "4.2.2",
    "strawberry-graphql": "0.327.2",
    "pillow": "12.3",
}


@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-dev.lock"])
def test_locked_versions_are_at_or_above_their_floors(lock):
    locked = dict(re.findall(r"^([a-z0-9-]+)==([^ ;\\]+)", (ROOT / lock).read_text(), re.MULTILINE))
    below = {name for name, floor in FLOORS.items() if Version(locked[name]) < Version(floor)}
    assert below == set()


@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-dev.lock", "package-lock.json"])
def test_locks_name_no_download_address(lock):
    assert "://" not in re.sub(r'"(url|license|funding)": ".*"', "", (ROOT / lock).read_text())
