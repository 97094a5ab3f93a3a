"""Where MP3 frames begin and end."""

import pytest

from audio_engine.encoding.mp3_frames import FrameHeader, frame_header, split_frames

# 128 kbit/s at 44.1 kHz, joint stereo: 417 bytes, 418 with padding.
PLAIN = bytes.fromhex("fffb9064")
PADDED = bytes.fromhex("fffb9264")


def frame(header: bytes, length: int) -> bytes:
    return header + b"\xff" * (length - len(header))


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("fffb9064", FrameHeader(bitrate_kbps=128, sample_rate_hz=44_100, channels=2, length=417)),
        ("fffb9264", FrameHeader(bitrate_kbps=128, sample_rate_hz=44_100, channels=2, length=418)),
        ("fffb5064", FrameHeader(bitrate_kbps=64, sample_rate_hz=44_100, channels=2, length=208)),
        ("fffbe004", FrameHeader(bitrate_kbps=320, sample_rate_hz=44_100, channels=2, length=1_044)),
        ("fffa94c4", FrameHeader(bitrate_kbps=128, sample_rate_hz=48_000, channels=1, length=384)),
    ],
)
def test_a_header_tells_its_frame(header, expected):
    assert frame_header(bytes.fromhex(header)) == expected


@pytest.mark.parametrize(
    "data",
    ["", "fffb90", "00000000", "fff39064", "fffd9064", "fffbf064", "fffb0064", "fffb9c64"],
    ids=["nothing", "cut", "no sync", "MPEG-2", "layer II", "bad bitrate", "free bitrate", "no sample rate"],
)
def test_what_is_no_header_is_none(data):
    assert frame_header(bytes.fromhex(data)) is None


def test_whole_frames_are_split_off_and_the_rest_is_kept():
    first, second, third = frame(PLAIN, 417), frame(PADDED, 418), frame(PLAIN, 417)
    assert split_frames(first + second + third[:100]) == ([first, second], third[:100])


@pytest.mark.parametrize("cut", [0, 1, 3, 4, 416, 417, 418, 834, 835])
def test_wherever_the_data_is_cut_the_frames_are_the_same(cut):
    frames = [frame(PLAIN, 417), frame(PADDED, 418)]
    data = b"".join(frames)
    before, rest = split_frames(data[:cut])
    after, end = split_frames(bytearray(rest + data[cut:]))
    assert (before + after, end) == (frames, b"")


def test_data_that_is_not_frames_is_an_error():
    with pytest.raises(ValueError, match="byte 417"):
        split_frames(frame(PLAIN, 417) + b"ID3 and more")
