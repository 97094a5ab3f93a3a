"""Ogg pages, held against those that FFmpeg writes."""

import io
import struct

import av
import numpy as np
import pytest

from audio_engine.encoding.ogg_pages import PageNumbering, checksum, opus_headers, page, split_pages

SERIAL, SEQUENCE, CHECKSUM = 14, 18, 22


def ffmpeg_pages() -> list[bytes]:
    """A second of silence as FFmpeg's own muxer writes it."""
    file = io.BytesIO()
    with av.open(file, "w", format="ogg") as container:
        stream = container.add_stream("libopus", rate=48_000, layout="stereo")
        frame = av.AudioFrame.from_ndarray(np.zeros((1, 96_000), np.int16), format="s16", layout="stereo")
        frame.sample_rate = 48_000
        for packet in [*stream.encode(frame), *stream.encode(None)]:
            container.mux(packet)
    return [b"OggS" + part for part in file.getvalue().split(b"OggS")[1:]]


def number(data: bytes, at: int) -> int:
    return struct.unpack_from("<I", data, at)[0]


def test_the_checksum_is_ffmpegs():
    pages = ffmpeg_pages()
    assert len(pages) >= 3
    for one in pages:
        blank = one[:CHECKSUM] + bytes(4) + one[CHECKSUM + 4 :]
        assert checksum(blank) == number(one, CHECKSUM)


def test_pages_are_numbered_as_one_stream():
    numbering = PageNumbering(0xFEED)
    numbered = [numbering.numbered(page([b"sound"], frames=frames)) for frames in (0, 0, 9_600, 10_560)]
    assert [number(one, SERIAL) for one in numbered] == [0xFEED] * 4
    assert [number(one, SEQUENCE) for one in numbered] == [0, 1, 2, 3]
    assert [struct.unpack_from("<q", one, 6)[0] for one in numbered] == [0, 0, 9_600, 20_160]


def test_the_same_page_is_numbered_for_each_stream_anew_and_stays_as_it_was():
    shared = page([b"sound"], frames=960)
    before = bytes(shared)
    one, other = PageNumbering(1).numbered(shared), PageNumbering(2).numbered(shared)
    assert one != other
    assert one[27:] == other[27:] == shared[27:]
    assert shared == before


@pytest.mark.parametrize("length", [0, 1, 254, 255, 256, 510, 511])
def test_a_packet_ends_with_a_segment_that_is_not_full(length):
    table = page([b"x" * length, b"y"], frames=1_920)[27 : -length - 1]
    *full, last, next_packet = table
    assert full == [255] * (length // 255)
    assert last == length % 255
    assert next_packet == 1


def test_more_segments_than_a_page_has_are_refused():
    page([b"x"] * 255, frames=0)
    with pytest.raises(ValueError, match="single page"):
        page([b"x"] * 256, frames=0)


def test_a_stream_begins_with_what_rfc_7845_asks_for():
    head, tags = opus_headers(channels=2, source_rate=44_100)
    assert head[5] == 2 and tags[5] == 0
    assert head[28:] == b"OpusHead" + struct.pack("<BBHIhB", 1, 2, 3_840, 44_100, 0, 0)
    assert tags[28:] == b"OpusTags" + struct.pack("<I7sI", 7, b"Earshot", 0)


def test_pages_that_lie_together_are_split_again():
    pages = [*ffmpeg_pages(), page([b""], frames=960), page([b"x" * 700, b"OggS"], frames=1_920)]
    assert split_pages(b"".join(pages)) == pages
    assert split_pages(b"") == []


@pytest.mark.parametrize("cut", [1, 20, 26, 27, 28, 30, 31])
def test_a_part_of_a_page_is_an_error(cut):
    whole = page([b"sound"], frames=960)
    with pytest.raises(ValueError, match=f"byte {len(whole)}$"):
        split_pages(whole + whole[:cut])
