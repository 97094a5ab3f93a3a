"""Run by a test with NUMBA_BOUNDSCHECK=1: renders whatever could drive an index out of its array."""

import numpy as np

from audio_engine.render.kernel import copy
from audio_engine.render.lane import Lane
from audio_engine.render.shard import Job, Shard
from audio_engine.soundscape import SourceKey, Voice
from tests.audio_engine.render.session import FakeSources, KeepingEncoder

OFFSETS = [0, 1, -1, 1_151, -1_152, -9_216, 2**31, -(2**31), 2**62, 2**63 - 1, -(2**63)]
GAINS = [0.0, 1.0, 16.0, 1e30, -1.0, np.nan, np.inf, -np.inf]
LENGTHS = [1, 2, 17, 1_151, 1_152, 1_153, 9_216, 10_000]


def assert_bounds_are_checked() -> None:
    try:
        copy(np.zeros(8, np.float32), np.zeros(4, np.float32))
    except IndexError:
        return
    raise AssertionError("NUMBA_BOUNDSCHECK is not in force")


def main() -> None:
    assert_bounds_are_checked()
    random = np.random.default_rng(1)
    sounds = {
        f"{length} x {channels}": random.integers(-32_768, 32_768, (length, channels)).astype(np.int16)
        for length in LENGTHS
        for channels in (1, 2)
    }
    shard = Shard(FakeSources(**sounds))
    lanes = [Lane() for _ in range(4)]
    for granules in (1, 8, 4) * 40:
        jobs = [
            Job(
                lane,
                [
                    Voice(
                        SourceKey(str(random.choice(list(sounds)))),
                        int(random.choice(OFFSETS)),
                        bool(random.integers(2)),
                        random.choice(GAINS, (granules + 1, 2)).astype(np.float32),
                    )
                    for _ in range(random.integers(0, 5))
                ],
                KeepingEncoder(),
            )
            for lane in lanes
        ]
        shard.render_and_encode(jobs, granules)
        assert all(np.all(np.isfinite(lane.memory)) for lane in lanes)


if __name__ == "__main__":
    main()
