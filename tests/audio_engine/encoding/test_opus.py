"""Opus as it is heard: decoded by FFmpeg, as numbers."""

import io
import subprocess
import sys

import av
import numpy as np
import pytest

from audio_engine.encoding.ogg_pages import PRE_SKIP_FRAMES, PageNumbering, opus_headers
from audio_engine.encoding.opus import MAX_BITRATE_KBPS, MIN_BITRATE_KBPS, PACKET_FRAMES, OpusEncoder
from audio_engine.render.resampling import Resampler
from audio_engine.soundscape import GRANULE_FRAMES, SAMPLE_RATE, TICK_GRANULES
from backend.errors import Unsupported
from tests.audio_engine.encoding.test_memory import ROOT

TICK_FRAMES = GRANULE_FRAMES * TICK_GRANULES
TICK_SECONDS = TICK_FRAMES / SAMPLE_RATE
BITRATES_KBPS = (48, 64, 96, 112, 128)
AMPLITUDE = 0.25


def encoder(bitrate_kbps: int = 96) -> OpusEncoder:
    return OpusEncoder(bitrate_kbps, Resampler().resample)


def tones(ticks: int, *hertz: float) -> list[np.ndarray]:
    """Blocks of one tick: tones on both sides."""
    time = np.arange(ticks * TICK_FRAMES) / SAMPLE_RATE
    sound = sum(np.sin(2 * np.pi * one * time) for one in hertz)
    tone = np.round(AMPLITUDE * 32_768 * sound).astype(np.int16)
    return np.split(np.stack([tone, tone], axis=1), ticks)


def music(ticks: int) -> list[np.ndarray]:
    noise = np.random.default_rng(1).normal(0, 2_000, (ticks * TICK_FRAMES, 2))
    return np.split((np.concatenate(tones(ticks, 330, 440, 2_000)) + noise).astype(np.int16), ticks)


def stream(pages: list[bytes]) -> bytes:
    """A file that begins with these pages."""
    numbering = PageNumbering(1)
    return b"".join(numbering.numbered(page) for page in [*opus_headers(channels=2, source_rate=SAMPLE_RATE), *pages])


def decoded(pages: list[bytes]) -> np.ndarray:
    """Shape (frames, 2)."""
    with av.open(io.BytesIO(stream(pages))) as file:
        return np.concatenate([frame.to_ndarray() for frame in file.decode(audio=0)], axis=1).T


def amplitude(sound: np.ndarray, hertz: float) -> float:
    time = np.arange(len(sound)) / 48_000
    waves = np.stack([np.sin(2 * np.pi * hertz * time), np.cos(2 * np.pi * hertz * time)], axis=1)
    return float(np.hypot(*np.linalg.lstsq(waves, sound, rcond=None)[0]))


@pytest.mark.parametrize("bitrate_kbps", BITRATES_KBPS)
def test_what_went_in_comes_out(bitrate_kbps):
    ticks = 20
    opus = encoder(bitrate_kbps)
    sound = decoded([opus.encode(block) for block in tones(ticks, 440)])
    whole_packets = int(ticks * TICK_SECONDS * 48_000) // PACKET_FRAMES
    assert sound.shape == (whole_packets * PACKET_FRAMES - PRE_SKIP_FRAMES, 2)
    for side in sound.T:
        assert amplitude(side, 440) == pytest.approx(AMPLITUDE, rel=0.015)
        assert amplitude(side, 880) < AMPLITUDE / 300


def test_no_tick_can_be_heard_in_a_tone():
    opus = encoder(128)
    sound = decoded([opus.encode(block) for block in tones(40, 440)])[:, 0]
    steps = np.abs(np.diff(sound))
    # The steepest place of the sine itself, and nothing beyond it anywhere.
    assert steps.max() < 1.05 * AMPLITUDE * 2 * np.pi * 440 / 48_000
    levels = [amplitude(part, 440) for part in np.split(sound[: len(sound) // 4_800 * 4_800], len(sound) // 4_800)]
    assert min(levels) > 0.98 * AMPLITUDE and max(levels) < 1.02 * AMPLITUDE


@pytest.mark.parametrize("bitrate_kbps", BITRATES_KBPS)
def test_the_bitrate_is_what_was_asked_for(bitrate_kbps):
    opus = encoder(bitrate_kbps)
    sizes = [len(opus.encode(block)) for block in music(60)]
    assert sum(sizes) * 8 / (60 * TICK_SECONDS) == pytest.approx(bitrate_kbps * 1_000, rel=0.1)


def test_silence_takes_as_many_bytes_as_sound():
    opus = encoder(96)
    blocks = [*music(10), *[np.zeros((TICK_FRAMES, 2), np.int16)] * 10]
    packets = [split_packets(opus.encode(block)) for block in blocks]
    assert {len(packet) for page in packets for packet in page} == {240}


def split_packets(page: bytes) -> list[bytes]:
    table = page[27 : 27 + page[26]]
    ends = [at + 1 for at, size in enumerate(table) if size < 255]
    lengths = [sum(table[first:end]) for first, end in zip([0, *ends], ends, strict=False)]
    offsets = np.cumsum([27 + page[26], *lengths])
    return [page[at : at + length] for at, length in zip(offsets, lengths, strict=False)]


def test_each_tick_is_one_page_of_whole_packets_and_less_than_one_is_held_back():
    opus = encoder()
    pages = [opus.encode(block) for block in music(20)]
    assert [page.count(b"OggS") for page in pages] == [1] * 20
    frames = [int.from_bytes(page[6:14], "little") for page in pages]
    assert set(frames) == {10 * PACKET_FRAMES, 11 * PACKET_FRAMES}
    for tick in range(1, 21):
        assert 0 <= tick * TICK_SECONDS * 48_000 - sum(frames[:tick]) + 1 <= PACKET_FRAMES


def test_a_block_shorter_than_a_packet_gives_nothing_yet():
    opus = encoder()
    assert opus.encode(np.zeros((800, 2), np.int16)) == b""
    assert opus.encode(np.zeros((800, 2), np.int16)) != b""


def test_close_gives_what_was_held_back():
    opus = encoder()
    pages = [opus.encode(block) for block in tones(3, 440)]
    assert len(decoded([*pages, opus.close()])) >= 3 * TICK_SECONDS * 48_000 - PRE_SKIP_FRAMES


def test_a_stream_decodes_from_any_page_on():
    opus = encoder()
    pages = [opus.encode(block) for block in tones(30, 440)]
    sound = decoded(pages[17:])
    # What the decoder needs to find its way in is dropped: from the first sample on it is the tone.
    assert np.abs(np.diff(sound[:, 0])).max() < 1.05 * AMPLITUDE * 2 * np.pi * 440 / 48_000
    assert amplitude(sound[:2_400, 0], 440) == pytest.approx(AMPLITUDE, rel=0.1)
    assert amplitude(sound[4_800:, 0], 440) == pytest.approx(AMPLITUDE, rel=0.01)


def test_sides_stay_apart():
    opus = encoder(128)
    blocks = [block.copy() for block in tones(20, 440)]
    for block in blocks:
        block[:, 1] = 0
    sound = decoded([opus.encode(block) for block in blocks])
    assert amplitude(sound[:, 0], 440) == pytest.approx(AMPLITUDE, rel=0.01)
    assert np.abs(sound[:, 1]).max() < AMPLITUDE / 100


@pytest.mark.parametrize("bitrate_kbps", [0, MIN_BITRATE_KBPS - 1, MAX_BITRATE_KBPS + 1, 320])
def test_a_bitrate_that_is_not_offered_is_refused(bitrate_kbps):
    with pytest.raises(Unsupported) as refusal:
        encoder(bitrate_kbps)
    assert refusal.value.code == "UNSUPPORTED"
    assert refusal.value.field == "bitrate"


MEASURE = """
import numpy as np
from audio_engine.encoding.opus import OpusEncoder
from audio_engine.render.resampling import Resampler

def status(name):
    with open("/proc/self/status") as status:
        return next(int(line.split()[1]) for line in status if line.startswith(name))

def encoders():
    made = [OpusEncoder(96, Resampler().resample) for _ in range(40)]
    for encoder in made * 4:
        encoder.encode(noise)
    return made

noise = np.random.default_rng(1).normal(0, 4_000, (9_216, 2)).astype(np.int16)
kept = encoders()
before = status("VmRSS"), status("Threads")
kept += encoders()
print((status("VmRSS") - before[0]) / 40, status("Threads") - before[1])
"""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="what a process takes is told by Linux")
def test_an_encoder_takes_less_than_100_kib_and_no_thread():
    run = subprocess.run([sys.executable, "-c", MEASURE], cwd=ROOT, capture_output=True, text=True, check=True)
    kib, threads = run.stdout.split()
    assert float(kib) < 100
    assert int(threads) == 0
