"""The player's modules that need no page, tested by Node's own runner."""

import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
NODE = shutil.which("node") or shutil.which("node", path=str(ROOT / ".venv/bin"))


@pytest.mark.skipif(NODE is None, reason="no Node; scripts/vendor installs one")
def test_the_modules_pass_their_own_tests() -> None:
    files = sorted(Path(__file__).parent.glob("static/**/*.test.js"))
    assert files
    run = subprocess.run([str(NODE), "--test", *map(str, files)], capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout + run.stderr
