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


def test_locks_name_no_download_address():
    for lock in ("requirements.lock", "requirements-dev.lock"):
        assert "://" not in (ROOT / lock).read_text()
    assert '"resolved": "http' not in (ROOT / "package-lock.json").read_text()
