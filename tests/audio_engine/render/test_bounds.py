"""No index leaves its array: the kernels compiled anew, with every index checked."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]


def test_nothing_that_is_planned_drives_an_index_out_of_its_array(pytestconfig: pytest.Config):
    # In a cache of its own: numba does not see from a cached kernel whether its indexes are checked. Kept between runs,
    # as it takes ten seconds to fill.
    cache = pytestconfig.cache.mkdir("numba-with-bounds-checked")
    run = subprocess.run(
        [sys.executable, "-m", "tests.audio_engine.render.out_of_bounds"],
        cwd=ROOT,
        env=os.environ | {"NUMBA_BOUNDSCHECK": "1", "NUMBA_OPT": "1", "NUMBA_CACHE_DIR": str(cache)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr
