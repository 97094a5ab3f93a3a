"""Warm up leaves compiled code behind, and nothing is compiled in the first block."""

from audio_engine.render.kernel import render_lanes
from audio_engine.render.lane import Lane
from audio_engine.render.shard import Job, Shard
from audio_engine.render.warm_up import warm_up
from tests.audio_engine.render.session import FakeSources, KeepingEncoder, PlannedVoice, sine, steady, stereo


def test_the_first_block_after_warm_up_finds_everything_compiled():
    warm_up()
    compiled = list(render_lanes.signatures)
    voice = PlannedVoice("a", steady(1, 8), is_looped=True).block(0, 8)
    Shard(FakeSources(a=stereo(sine(440, 5_000)))).render_and_encode([Job(Lane(), [voice], KeepingEncoder())], 8)
    assert compiled
    assert list(render_lanes.signatures) == compiled
