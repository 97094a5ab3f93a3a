"""LAME's stream: its header at every bitrate, whole frames, nothing lost."""

import io

import av
import numpy as np
import pytest

from audio_engine.encoding.lame import BITRATES_KBPS, LameEncoder
from audio_engine.encoding.mp3_frames import frame_header, split_frames
from audio_engine.soundscape import GRANULE_FRAMES
from backend.errors import Unsupported
from backend.projects.models import Bitrate
from tests.backend.decoding.recordings import loudest_hertz

TICK_FRAMES = 8 * GRANULE_FRAMES


def music(blocks: int) -> list[np.ndarray]:
    random = np.random.default_rng(1)
    frames = np.arange(blocks * TICK_FRAMES)
    tone = 8_000 * np.sin(frames * 0.05)[:, None] + random.normal(0, 2_000, (frames.size, 2))
    return np.split(tone.astype(np.int16), blocks)


@pytest.mark.parametrize("bitrate_kbps", BITRATES_KBPS)
def test_every_frame_is_stereo_at_44_100_hz_and_its_bitrate(bitrate_kbps):
    encoder = LameEncoder(bitrate_kbps)
    mp3 = b"".join(encoder.encode(block) for block in music(3)) + encoder.close()
    frames, rest = split_frames(mp3)
    assert rest == b""
    for frame in frames:
        header = frame_header(frame)
        assert header is not None
        assert (header.bitrate_kbps, header.sample_rate_hz, header.channels) == (bitrate_kbps, 44_100, 2)
        # The version bits say MPEG-1, the layer bits III; the mode is stereo or joint stereo.
        assert frame[1] & 0b0001_1110 == 0b0001_1010
        assert frame[3] >> 6 in (0, 1)


@pytest.mark.parametrize("bitrate_kbps", [rate for rate in Bitrate.values if rate >= min(BITRATES_KBPS)])
def test_what_a_project_may_choose_decodes_to_what_went_in(bitrate_kbps):
    encoder = LameEncoder(bitrate_kbps)
    frames = np.arange(20 * TICK_FRAMES)
    tone = np.round(8_192 * np.sin(2 * np.pi * 440 / 44_100 * frames)).astype(np.int16)
    blocks = np.split(np.stack([tone, np.zeros_like(tone)], axis=1), 20)
    mp3 = b"".join(encoder.encode(block) for block in blocks) + encoder.close()
    with av.open(io.BytesIO(mp3)) as container:
        assert container.streams.audio[0].rate == 44_100
        sound = np.concatenate([frame.to_ndarray() for frame in container.decode(audio=0)], axis=1)
    left, right = sound[:, 4_410:-8_820]
    assert loudest_hertz(left) == pytest.approx(440, abs=0.5)
    # Below 256 kbit/s LAME takes up to half a decibel off, as its presets do.
    assert 0.945 * 0.25 < np.sqrt(2 * np.mean(left**2)) < 1.005 * 0.25
    assert np.abs(right).max() < 0.25 / 100
    assert len(mp3) * 8 / (sound.shape[1] / 44_100) == pytest.approx(bitrate_kbps * 1_000, rel=0.02)


def test_each_chunk_is_whole_frames_and_few_are_held_back():
    encoder = LameEncoder(128)
    counts = []
    for block in music(10):
        frames, rest = split_frames(encoder.encode(block))
        assert rest == b""
        counts.append(len(frames))
    # As soon as the bit reservoir is full, as many as went in.
    assert counts[2:] == [8] * 8
    assert sum(counts) >= 10 * 8 - 3


def test_the_stream_begins_with_sound_not_with_a_table_of_contents():
    encoder = LameEncoder(128)
    first = encoder.encode(music(1)[0])
    assert b"Xing" not in first
    assert b"Info" not in first


def test_close_gives_what_was_held_back():
    encoder = LameEncoder(128)
    blocks = music(5)
    mp3 = b"".join(encoder.encode(block) for block in blocks) + encoder.close()
    with av.open(io.BytesIO(mp3)) as container:
        sounded = sum(frame.samples for frame in container.decode(audio=0))
    assert sounded >= 5 * TICK_FRAMES


@pytest.mark.parametrize("bitrate_kbps", [0, 32, 100, 129, 384])
def test_a_bitrate_that_is_not_offered_is_refused(bitrate_kbps):
    with pytest.raises(Unsupported) as refusal:
        LameEncoder(bitrate_kbps)
    assert refusal.value.code == "UNSUPPORTED"
    assert refusal.value.field == "bitrate"
