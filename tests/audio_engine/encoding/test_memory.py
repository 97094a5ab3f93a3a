"""Many encoders fit into little memory."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
MEASURE = """
import numpy as np
from audio_engine.encoding.lame import LameEncoder
from audio_engine.encoding.memory import map_large_blocks

def resident_kib():
    with open("/proc/self/status") as status:
        return next(int(line.split()[1]) for line in status if line.startswith("VmRSS"))

def encoders():
    made = [LameEncoder(128) for _ in range(40)]
    for encoder in made * 4:
        encoder.encode(noise)
    return made

assert map_large_blocks()
noise = np.random.default_rng(1).normal(0, 4_000, (9_216, 2)).astype(np.int16)
kept = encoders()
before = resident_kib()
kept += encoders()
print((resident_kib() - before) / 40)
"""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the C library's choice is glibc's")
def test_an_encoder_takes_less_than_240_kib():
    run = subprocess.run([sys.executable, "-c", MEASURE], cwd=ROOT, capture_output=True, text=True, check=True)
    assert float(run.stdout) < 240
