"""What kind of file this is, from its first bytes alone: names and declared types are not believed."""

from enum import StrEnum

SNIFFED_BYTES = 16


class Container(StrEnum):
    """The kinds of file that are decoded; the value is the name of FFmpeg's demuxer."""

    WAV = "wav"
    AIFF = "aiff"
    CAF = "caf"
    FLAC = "flac"
    MP3 = "mp3"
    MP4 = "mov"
    OGG = "ogg"
    MATROSKA = "matroska"


# (offset, bytes) that must all be there. RF64 is a WAV beyond 4 GB.
_MARKS: tuple[tuple[Container, tuple[tuple[int, bytes], ...]], ...] = (
    (Container.WAV, ((0, b"RIFF"), (8, b"WAVE"))),
    (Container.WAV, ((0, b"RF64"), (8, b"WAVE"))),
    (Container.AIFF, ((0, b"FORM"), (8, b"AIFF"))),
    (Container.AIFF, ((0, b"FORM"), (8, b"AIFC"))),
    (Container.CAF, ((0, b"caff"),)),
    (Container.FLAC, ((0, b"fLaC"),)),
    (Container.OGG, ((0, b"OggS"),)),
    (Container.MATROSKA, ((0, b"\x1aE\xdf\xa3"),)),
    (Container.MP4, ((4, b"ftyp"),)),
    (Container.MP3, ((0, b"ID3"),)),
)


def sniff(head: bytes) -> Container | None:
    """The container that begins with `head` (its first SNIFFED_BYTES); None for anything else."""
    for container, marks in _MARKS:
        if all(head.startswith(mark, offset) for offset, mark in marks):
            return container
    return Container.MP3 if _is_mp3_header(head) else None


def _is_mp3_header(head: bytes) -> bool:
    """ISO 11172-3, 2.4.1.3: eleven set bits, layer III, neither the free nor the forbidden bit rate, a known rate."""
    if len(head) < 4 or head[0] != 0xFF or head[1] & 0xE6 != 0xE2:
        return False
    return head[2] >> 4 not in (0, 15) and head[2] & 0x0C != 0x0C
