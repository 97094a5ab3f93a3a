"""Ogg pages (RFC 3533), and Opus' two headers in them (RFC 7845)."""

import struct
import zlib
from collections.abc import Sequence

# "OggS", version, kind, granule position, serial number, sequence number, checksum, number of segments.
_HEADER = struct.Struct("<4sBBqIIIB")
_NUMBERS = struct.Struct("<qIII")
_NUMBERS_AT = 6
_CHECKSUM_AT = 22
_BEGINNING = 2
SEGMENT_BYTES = 255
MAX_SEGMENTS = 255

# "OpusHead", version, channels, frames that the decoder drops at first, sample rate of the source, gain, mapping.
_OPUS_HEAD = struct.Struct("<8sBBHIhB")
# What a decoder needs to find its way into a running stream (RFC 7845, 4.6), also at its first page.
PRE_SKIP_FRAMES = 3_840
_VENDOR = b"Earshot"

_BITS_REVERSED = bytes(int(f"{byte:08b}"[::-1], 2) for byte in range(256))


def page(packets: Sequence[bytes], *, frames: int, is_first: bool = False) -> bytes:
    """Whole packets that last for `frames`, as the only page of a stream; a PageNumbering makes it one of many."""
    table = b"".join(
        b"\xff" * (len(packet) // SEGMENT_BYTES) + bytes([len(packet) % SEGMENT_BYTES]) for packet in packets
    )
    if len(table) > MAX_SEGMENTS:
        raise ValueError("so many packets are no single page")
    header = _HEADER.pack(b"OggS", 0, _BEGINNING if is_first else 0, frames, 0, 0, 0, len(table))
    return b"".join((header, table, *packets))


def split_pages(data: bytes) -> list[bytes]:
    """Whole pages that lie one after another. Raises ValueError where a whole one should be and is not."""
    pages: list[bytes] = []
    at = 0
    while at < len(data):
        end = _end_of_page(data, at)
        if end is None or end > len(data):
            raise ValueError(f"no whole Ogg page is at byte {at}")
        pages.append(data[at:end])
        at = end
    return pages


def _end_of_page(data: bytes, at: int) -> int | None:
    table_at = at + _HEADER.size
    if not data.startswith(b"OggS", at) or table_at > len(data):
        return None
    segments = data[table_at - 1]
    return table_at + segments + sum(data[table_at : table_at + segments])


def opus_headers(*, channels: int, source_rate: int) -> tuple[bytes, bytes]:
    """The two pages that a stream begins with."""
    head = _OPUS_HEAD.pack(b"OpusHead", 1, channels, PRE_SKIP_FRAMES, source_rate, 0, 0)
    tags = struct.pack(f"<8sI{len(_VENDOR)}sI", b"OpusTags", len(_VENDOR), _VENDOR, 0)
    return page([head], frames=0, is_first=True), page([tags], frames=0)


class PageNumbering:
    """Makes pages one stream: its serial number, their sequence, the frames until each one's end, a checksum."""

    def __init__(self, serial: int) -> None:
        self._serial = serial
        self._sequence = 0
        self._frames = 0

    def numbered(self, page: bytes) -> bytes:
        """The page as this stream's next."""
        self._frames += _NUMBERS.unpack_from(page, _NUMBERS_AT)[0]
        numbered = bytearray(page)
        _NUMBERS.pack_into(numbered, _NUMBERS_AT, self._frames, self._serial, self._sequence, 0)
        struct.pack_into("<I", numbered, _CHECKSUM_AT, checksum(numbered))
        self._sequence += 1
        return bytes(numbered)


def checksum(data: bytes | bytearray) -> int:
    """Ogg's: the polynomial of zlib's, from the other end of each byte, begun with zeros and not inverted."""
    reflected = zlib.crc32(data.translate(_BITS_REVERSED), 0xFFFF_FFFF) ^ 0xFFFF_FFFF
    return int(f"{reflected:032b}"[::-1], 2)
