"""A shard's rendering of its jobs: who gets what, what is left out, and the levels that a player decodes."""

import io
import weakref
from concurrent.futures import ThreadPoolExecutor

import av
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some
from numpy.typing import NDArray

from audio_engine.encoding.lame import LameEncoder
from audio_engine.render import shard
from audio_engine.render.lane import Lane
from audio_engine.render.shard import Job, Shard
from audio_engine.soundscape import GRANULE_FRAMES, SAMPLE_RATE, SourceKey, SourceState, Voice
from tests.audio_engine.render.session import (
    FakeSources,
    KeepingEncoder,
    PlannedVoice,
    aligned,
    rendered,
    sine,
    steady,
    stereo,
)

TICK = 8


def job(*voices: Voice) -> Job:
    return Job(Lane(), voices, KeepingEncoder())


def voice(source: str, gain: float = 1.0) -> Voice:
    return PlannedVoice(source, steady(gain, TICK)).block(0, TICK)


def sound_of(rendered_job: Job) -> NDArray[np.int16]:
    return np.concatenate(rendered_job.encoder.blocks)


@pytest.fixture
def sources() -> FakeSources:
    return FakeSources(a=stereo(sine(440, SAMPLE_RATE, level=0.4)), b=stereo(sine(880, SAMPLE_RATE, level=0.4)))


def test_every_job_gets_its_own_sound_in_its_own_place(sources):
    jobs = [job(voice("a")), job(voice("b")), job(), job(voice("a"), voice("b"))]
    chunks = Shard(sources).render_and_encode(jobs, TICK)
    a, b, silence, both = (aligned(sound_of(each)) for each in jobs)
    assert chunks == [b"\x01"] * 4
    np.testing.assert_array_equal(a, sources.sounds["a"][: len(a)])
    np.testing.assert_array_equal(b, sources.sounds["b"][: len(b)])
    np.testing.assert_array_equal(both, a + b)
    assert not silence.any()


class Lending:
    """Sounds that nobody else holds: what a bank that lets go of them while they are rendered is to the shard."""

    def __init__(self) -> None:
        self.lent: list[weakref.ref[NDArray[np.int16]]] = []

    def state(self, key: SourceKey) -> SourceState:
        return SourceState.READY

    def pcm(self, key: SourceKey) -> NDArray[np.int16]:
        sound = np.zeros((SAMPLE_RATE, 2), np.int16)
        self.lent.append(weakref.ref(sound))
        return sound


def test_a_sound_is_held_for_as_long_as_the_kernel_reads_it(monkeypatch):
    lending, held = Lending(), []
    monkeypatch.setattr(shard, "render_lanes", lambda *_: held.extend(one() is not None for one in lending.lent))
    Shard(lending).render([job(voice("a"), voice("b"))], TICK)
    assert held == [True, True]
    assert [one() for one in lending.lent] == [None, None]


def test_an_encoder_gets_a_block_of_the_granules_asked_for(sources):
    only = job(voice("a"))
    shard = Shard(sources)
    for granules in (1, 8, 4):
        gains = steady(1.0, granules)
        shard.render_and_encode([Job(only.lane, [Voice(SourceKey("a"), 0, False, gains)], only.encoder)], granules)
    assert [block.shape for block in only.encoder.blocks] == [(n * GRANULE_FRAMES, 2) for n in (1, 8, 4)]
    assert all(block.dtype == np.int16 and block.flags.c_contiguous for block in only.encoder.blocks)


def test_no_jobs_are_no_work(sources):
    assert Shard(sources).render_and_encode([], TICK) == []


def test_a_source_that_is_not_prepared_is_left_out_and_the_others_play_on(sources):
    jobs = [job(voice("missing"), voice("a")), job(voice("b"))]
    Shard(sources).render_and_encode(jobs, TICK)
    a, b = (aligned(sound_of(each)) for each in jobs)
    np.testing.assert_array_equal(a, sources.sounds["a"][: len(a)])
    np.testing.assert_array_equal(b, sources.sounds["b"][: len(b)])


def test_an_empty_source_is_silence():
    only = job(Voice(SourceKey("a"), 0, True, steady(1, TICK)), voice("a"))
    Shard(FakeSources(a=np.zeros((0, 2), np.int16))).render_and_encode([only], TICK)
    assert not sound_of(only).any()


def test_a_source_on_disk_sounds_like_one_in_memory(sources, tmp_path):
    np.save(tmp_path / "a.npy", sources.sounds["a"])
    mapped = FakeSources(a=np.load(tmp_path / "a.npy", mmap_mode="r"))
    voices = [PlannedVoice("a", steady(1, TICK))]
    np.testing.assert_array_equal(rendered(mapped, voices, granules=TICK), rendered(sources, voices, granules=TICK))


@pytest.mark.parametrize(
    "pcm",
    [np.zeros((100, 2), np.float32), np.zeros((100, 3), np.int16), np.zeros((2, 100), np.int16).T],
    ids=["floats", "three channels", "not contiguous"],
)
def test_memory_that_is_not_a_source_is_refused_before_it_is_read(pcm):
    only = job(voice("a"))
    with pytest.raises(ValueError, match="a source is int16"):
        Shard(FakeSources(a=pcm)).render_and_encode([only], TICK)
    assert only.encoder.blocks == []


def test_gains_of_the_wrong_length_are_refused(sources):
    only = job(Voice(SourceKey("a"), 0, False, steady(1, TICK - 1)))
    with pytest.raises(ValueError, match="reshape"):
        Shard(sources).render_and_encode([only], TICK)
    assert only.encoder.blocks == []


@pytest.mark.parametrize("gain", [np.nan, -1.0, -np.inf])
def test_a_gain_that_is_none_is_silence(sources, gain):
    jobs = [job(voice("a", gain)), job(voice("b"))]
    Shard(sources).render_and_encode(jobs, TICK)
    assert not sound_of(jobs[0]).any()
    np.testing.assert_array_equal(aligned(sound_of(jobs[1])), sources.sounds["b"][: len(aligned(sound_of(jobs[1])))])


@settings(max_examples=60, deadline=None)
@given(
    offset=some.integers(-(2**63), 2**63 - 1),
    frames=some.sampled_from([1, 2, 1_151, 1_152, 1_153, 3_000]),
    is_looped=some.booleans(),
    gains=some.lists(some.floats(width=32), min_size=6, max_size=6),
)
def test_no_offset_and_no_gain_disturbs_another_session(offset, frames, is_looped, gains):
    sources = FakeSources(odd=np.full((frames, 2), 30_000, np.int16), even=np.full((9_999, 1), 1_000, np.int16))
    odd = job(Voice(SourceKey("odd"), offset, is_looped, np.array(gains, np.float32).reshape(3, 2)))
    even = job(Voice(SourceKey("even"), 0, False, steady(1, 2)))
    Shard(sources).render_and_encode([odd, even], 2)
    assert np.all(aligned(sound_of(even)) == 1_000)
    assert np.all(np.isfinite(odd.lane.memory))


def test_two_shards_in_two_threads_sound_like_one(sources):
    voices = [PlannedVoice("a", steady(1.5, 32)), PlannedVoice("b", steady(1.5, 32))]
    alone = rendered(sources, voices, granules=32)
    with ThreadPoolExecutor(2) as pool:
        together = list(pool.map(lambda _: rendered(sources, voices, granules=32), range(4)))
    for sound in together:
        np.testing.assert_array_equal(sound, alone)


def decoded(mp3: bytes) -> NDArray[np.float64]:
    with av.open(io.BytesIO(mp3)) as container:
        return np.concatenate([frame.to_ndarray() for frame in container.decode(audio=0)], axis=1).T


def level_of(sound: NDArray[np.float64], hertz: float) -> float:
    """The amplitude of one tone in one side, over a whole second in the middle."""
    second = sound[SAMPLE_RATE : 2 * SAMPLE_RATE]
    turns = np.exp(-2j * np.pi * hertz / SAMPLE_RATE * np.arange(SAMPLE_RATE))
    return float(2 * abs(np.mean(second * turns)))


@pytest.mark.parametrize("bitrate_kbps", [64, 128, 320])
def test_a_player_decodes_each_tone_at_its_planned_level(bitrate_kbps):
    tones = {"a": (440, 0.30, 0.30), "b": (1_130, 0.10, 0.20), "c": (2_210, 0.05, 0.0), "d": (3_700, 0.08, 0.08)}
    sources = FakeSources(**{name: stereo(sine(hertz, SAMPLE_RATE)) for name, (hertz, _, _) in tones.items()})
    shard, lane, encoder = Shard(sources), Lane(), LameEncoder(bitrate_kbps)
    mp3 = b""
    for tick in range(15):
        voices = [
            Voice(SourceKey(name), tick * TICK * GRANULE_FRAMES, True, np.full((TICK + 1, 2), gains, np.float32))
            for name, (_, *gains) in tones.items()
        ]
        mp3 += b"".join(shard.render_and_encode([Job(lane, voices, encoder)], TICK))
    sound = decoded(mp3 + encoder.close())
    for hertz, *gains in tones.values():
        for side, gain in enumerate(gains):
            if gain:
                assert abs(20 * np.log10(level_of(sound[:, side], hertz) / gain)) < 0.5
            else:
                assert level_of(sound[:, side], hertz) < 0.001
