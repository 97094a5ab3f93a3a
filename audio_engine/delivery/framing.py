"""How a format travels: what it is called, how much of it a player holds first, where it may be cut, who counts it."""

import math
import secrets
from collections.abc import Sequence
from typing import Protocol

from audio_engine.encoding.formats import Format
from audio_engine.encoding.mp3_frames import split_frames
from audio_engine.encoding.ogg_pages import PageNumbering, opus_headers, split_pages
from audio_engine.encoding.opus import CHANNELS
from audio_engine.soundscape import GRANULE_FRAMES, SAMPLE_RATE, TICK_GRANULES

TICK_SECONDS = TICK_GRANULES * GRANULE_FRAMES / SAMPLE_RATE
# Chromium takes so much at a time and waits until all of it is there (docs/decisions/opus.md). With less at once it
# begins late, and at low bit rates it runs dry before the next is complete; with so much it costs no further delay.
BROWSER_READ_BYTES = 32 * 1024
BROWSER_MARGIN_SECONDS = 0.3


class Strand(Protocol):
    """One listener's stream, from its first byte on."""

    def begin(self) -> bytes:
        """What comes before any sound."""

    def follow(self, sound: bytes) -> bytes:
        """The same whole frames or pages, as this listener's next."""


class Framing(Protocol):
    """One format. Each published chunk is a tick's whole frames or pages."""

    format: Format
    content_type: str
    # The endings of its audio address; the first is the one we give.
    suffixes: tuple[str, ...]
    # What a listener gets on connecting, whatever the bit rate.
    least_burst_seconds: float
    # Whether players of this format look for titles among the sound.
    has_titles: bool

    def burst(self, recent: Sequence[bytes], seconds: float) -> bytes:
        """The end of the chunks of late: so many seconds of them, from a frame or a page on."""

    def strand(self) -> Strand:
        """For a listener who comes now."""


def burst_seconds(framing: Framing, bitrate_kbps: int) -> float:
    """So much sound is sent at once to whoever comes."""
    return max(framing.least_burst_seconds, BROWSER_READ_BYTES / (bitrate_kbps * 125) + BROWSER_MARGIN_SECONDS)


def burst_ticks(framing: Framing, bitrate_kbps: int) -> int:
    """So many ticks hold a burst."""
    return math.ceil(burst_seconds(framing, bitrate_kbps) / TICK_SECONDS)


class Mp3Framing:
    """MP3: frames as they are, for everybody."""

    format = Format.MP3
    content_type = "audio/mpeg"
    suffixes: tuple[str, ...] = ("mp3",)
    least_burst_seconds = 2.0
    has_titles = True

    def burst(self, recent: Sequence[bytes], seconds: float) -> bytes:
        frames, _ = split_frames(b"".join(recent))
        return b"".join(frames[-math.ceil(seconds * SAMPLE_RATE / GRANULE_FRAMES) :])

    def strand(self) -> Strand:
        return _AsItIs()


class OggOpusFraming:
    """Opus in Ogg: two pages of headers, then each listener's pages are a stream of their own.

    Whoever comes late, or lost something, finds no gap in the numbers and no clock that has been running for hours.
    """

    format = Format.OPUS
    content_type = "audio/ogg; codecs=opus"
    suffixes: tuple[str, ...] = ("ogg", "opus")
    # Browsers wait for so much Ogg before they begin.
    least_burst_seconds = 4.0
    has_titles = False

    def burst(self, recent: Sequence[bytes], seconds: float) -> bytes:
        return b"".join(tuple(recent)[-math.ceil(seconds / TICK_SECONDS) :])

    def strand(self) -> Strand:
        return _OggStrand()


class _AsItIs:
    def begin(self) -> bytes:
        return b""

    def follow(self, sound: bytes) -> bytes:
        return sound


class _OggStrand:
    def __init__(self) -> None:
        self._numbering = PageNumbering(secrets.randbits(32))

    def begin(self) -> bytes:
        return b"".join(map(self._numbering.numbered, opus_headers(channels=CHANNELS, source_rate=SAMPLE_RATE)))

    def follow(self, sound: bytes) -> bytes:
        return b"".join(map(self._numbering.numbered, split_pages(sound)))


FRAMINGS: dict[Format, Framing] = {Format.MP3: Mp3Framing(), Format.OPUS: OggOpusFraming()}
