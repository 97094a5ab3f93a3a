"""How MP3 and Ogg travel, page by page and frame by frame."""

import numpy as np
import pytest

from audio_engine.delivery.framing import BROWSER_READ_BYTES, FRAMINGS, TICK_SECONDS, burst_seconds, burst_ticks
from audio_engine.encoding.formats import Format
from audio_engine.encoding.mp3_frames import split_frames
from audio_engine.encoding.ogg_pages import PRE_SKIP_FRAMES, split_pages
from tests.audio_engine.delivery.mp3 import ticks
from tests.audio_engine.delivery.ogg import HERTZ, STEEPEST, decoded, frames, numbers, pages
from tests.audio_engine.encoding.test_opus import AMPLITUDE, encoder, tones
from tests.backend.decoding.recordings import loudest_hertz

MP3, OGG = FRAMINGS[Format.MP3], FRAMINGS[Format.OPUS]


def test_every_format_has_a_framing():
    assert set(FRAMINGS) == set(Format)


def test_mp3_is_the_same_bytes_for_everybody():
    chunk = ticks(4)[2]
    strand = MP3.strand()
    assert strand.begin() == b""
    assert strand.follow(chunk) is chunk


def test_the_burst_of_mp3_is_as_much_as_asked_for_in_whole_frames():
    burst = MP3.burst(ticks(20), 2.0)
    assert len(split_frames(burst)[0]) == 77
    assert b"".join(ticks(20)).endswith(burst)


def test_the_burst_of_ogg_is_as_much_as_asked_for_in_whole_pages():
    assert split_pages(OGG.burst(pages(30), 4.0)) == list(pages(30)[-20:])


@pytest.mark.parametrize(
    ("framing", "bitrate_kbps", "seconds"),
    [
        *[(MP3, 64, 4.4), (MP3, 128, 2.35), (MP3, 192, 2.0), (MP3, 320, 2.0)],
        *[(OGG, 48, 5.76), (OGG, 64, 4.4), (OGG, 96, 4.0), (OGG, 128, 4.0)],
    ],
)
def test_a_burst_is_more_than_a_browser_reads_at_once(framing, bitrate_kbps, seconds):
    assert burst_seconds(framing, bitrate_kbps) == pytest.approx(seconds, abs=0.005)
    assert seconds * bitrate_kbps * 125 > BROWSER_READ_BYTES + 0.29 * bitrate_kbps * 125
    ticks_of_it = burst_ticks(framing, bitrate_kbps)
    assert seconds <= ticks_of_it * TICK_SECONDS < seconds + TICK_SECONDS


def test_a_listener_of_ogg_gets_headers_and_then_pages_that_count_from_zero():
    strand = OGG.strand()
    sent = [*split_pages(strand.begin()), *split_pages(strand.follow(b"".join(pages(30)[10:13])))]
    assert sent[0][28:36] == b"OpusHead" and sent[1][28:36] == b"OpusTags"
    positions, serials, sequence = zip(*map(numbers, sent), strict=True)
    assert list(sequence) == [0, 1, 2, 3, 4]
    assert len(set(serials)) == 1
    assert list(positions) == [0, 0, *np.cumsum([numbers(page)[0] for page in pages(30)[10:13]])]


def test_each_listener_has_a_serial_number_of_their_own():
    serials = {numbers(OGG.strand().begin())[1] for _ in range(20)}
    assert len(serials) == 20


@pytest.mark.parametrize("joined_at", [0, 7, 29])
def test_a_listener_who_comes_late_hears_from_the_first_byte_on(joined_at):
    strand = OGG.strand()
    heard = strand.begin() + strand.follow(OGG.burst(pages(40)[:joined_at], 4.0))
    for page in pages(40)[joined_at:]:
        heard += strand.follow(page)
    sound = decoded(heard)
    first = max(0, joined_at - 20)
    assert len(sound) == frames(pages(40)[first:]) - PRE_SKIP_FRAMES
    # Nowhere a step beyond the tone's own, neither where the burst ends nor anywhere else.
    assert np.abs(np.diff(sound)).max() < STEEPEST


def test_whoever_lost_a_stretch_goes_on_without_a_hole_in_the_numbers():
    strand = OGG.strand()
    heard = strand.begin()
    taken = pages(40)[:10] + pages(40)[25:]
    for page in taken:
        heard += strand.follow(page)
    sequence = [numbers(page)[2] for page in split_pages(heard)]
    assert sequence == list(range(27))
    assert len(decoded(heard)) == frames(taken) - PRE_SKIP_FRAMES


def test_a_stream_that_was_off_the_air_goes_on_in_the_same_strand():
    """Its encoder is another one, which knows nothing of the sound before."""
    strand = OGG.strand()
    again = tuple(map(encoder(96).encode, tones(10, HERTZ)))
    sound = decoded(strand.begin() + strand.follow(b"".join(pages(40)[:20])) + strand.follow(b"".join(again)))
    assert len(sound) == frames(pages(40)[:20] + again) - PRE_SKIP_FRAMES
    assert loudest_hertz(sound[-48_000:], rate=48_000) == pytest.approx(HERTZ, abs=1)
    assert np.abs(sound).max() < 1.2 * AMPLITUDE


def test_a_part_of_a_page_is_never_sent():
    with pytest.raises(ValueError, match="no whole Ogg page"):
        OGG.strand().follow(pages(30)[0][:-1])
