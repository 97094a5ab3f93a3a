"""Whatever happens in a stream that is read, nothing clicks: it bends no more than its sources and their ramps."""

from random import Random

import numpy as np
import pytest

from audio_engine.render.lane import Lane
from audio_engine.render.shard import Job, Shard
from audio_engine.soundscape import GRANULE_FRAMES, SAMPLE_RATE, TICK_GRANULES, Voice
from tests.audio_engine.planner.scenery import FakeSources, granules, session
from tests.audio_engine.planner.test_invariants import command_by, scape_by
from tests.audio_engine.render.session import KeepingEncoder

PEAK = 3_000
# A whole number of them fits into every loop.
PERIOD_FRAMES = 200
TURN = 2 * np.pi / PERIOD_FRAMES
MINUTES = 5


class Tones(FakeSources):
    """The same tone for all; what is being prepared for the planner sounds on where it sounds already."""

    def __init__(self):
        super().__init__()
        self.seconds = {"asset 3": 0.7, "asset 6": 3.21}
        self.stereo = {"speaker 1", "asset 2"}
        self._tones = {}

    def pcm(self, key):
        if key not in self._tones:
            self._tones[key] = self._tone(key)
        return self._tones[key]

    def _tone(self, key):
        frames = round(self.seconds.get(key, 20) * SAMPLE_RATE)
        tone = np.rint(PEAK * np.sin(TURN * np.arange(frames))).astype(np.int16)
        return np.ascontiguousarray(np.repeat(tone[:, None], 2 if key in self.stereo else 1, axis=1))


class Recorder:
    """Renders blocks, and knows how much they bend: a step against the one before it; and how much they may."""

    def __init__(self, sources):
        self._shard = Shard(sources)
        self._lane = Lane()
        self._last = np.zeros((2, 2), np.int16)
        self._gain = self._slope = 0.0
        self.bend = self.loudest = 0

    def render(self, voices):
        (block,) = self._shard.render([Job(self._lane, voices, KeepingEncoder())], TICK_GRANULES)
        sound = np.concatenate([self._last, block])
        self._last = sound[-2:].copy()
        self.bend = max(self.bend, int(np.abs(np.diff(sound.astype(np.int32), 2, axis=0)).max()))
        self.loudest = max(self.loudest, int(np.abs(block.astype(np.int32)).max()))
        gains = [voice.gains for voice in voices]
        self._gain = max(self._gain, float(np.max(sum(gains, np.zeros((1, 2))))))
        self._slope = max(self._slope, float(np.max(sum(_slopes(gains), np.zeros((1, 2))))))

    @property
    def bend_allowed(self):
        """The tones' own, that of tones on a ramp, and where one ramp turns into another; all is rounded at last."""
        return PEAK * (self._gain * TURN**2 + 2 * self._slope * TURN + 2 * self._slope) + 2


def _slopes(gains):
    return [np.abs(np.diff(one, axis=0)) / GRANULE_FRAMES for one in gains]


@pytest.mark.parametrize("seed", range(3))
def test_minutes_of_all_commands_hold_no_click(seed):
    random, sources = Random(seed), Tones()
    planned, recorder, now = session(scape_by(random), sources, seed=seed), Recorder(sources), 0
    while now < granules(MINUTES * 60):
        name, *values = command_by(random)
        if name == "prepare":
            sources.states.update([values])
        elif name != "wait":
            getattr(planned, name)(*values, granule=now)
        for _ in range(random.randint(1, 12)):
            recorder.render(planned.plan(now, TICK_GRANULES))
            now += TICK_GRANULES
    assert recorder.loudest > PEAK
    assert recorder.bend <= recorder.bend_allowed
    # So little that no click could hide in it: 60 dB below full scale.
    assert recorder.bend_allowed < 32


def test_a_voice_that_begins_without_a_ramp_would_be_found():
    recorder = Recorder(Tones())
    recorder.render([])
    recorder.render([Voice("asset 1", PERIOD_FRAMES // 4, False, np.full((TICK_GRANULES + 1, 2), 0.1, np.float32))])
    assert recorder.bend > recorder.bend_allowed
