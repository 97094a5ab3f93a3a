"""Decoding ahead waits for what comes and not for what never will."""

from audio_engine.bank.filling import fill
from audio_engine.soundscape import SourceState
from tests.audio_engine.planner.scenery import FakeSources


class SlowSources(FakeSources):
    """Everything that is pending is ready when it is asked for the third time."""

    def state(self, key):
        before = super().state(key)
        return SourceState.READY if self.asked.count(key) > 2 and before is SourceState.PENDING else before


def test_it_waits_until_all_are_ready_and_names_the_broken():
    sources = SlowSources(pending=["slow"], broken=["gone"])
    assert fill(sources, ["slow", "gone", "there"], patience_seconds=5) == ["gone"]
    assert sources.asked[:3] == ["gone", "slow", "there"]


def test_its_patience_ends():
    assert fill(FakeSources(pending=["never"]), ["never"], patience_seconds=0) == ["never"]
