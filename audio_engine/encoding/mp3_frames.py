"""MP3 frames as they follow one another in a stream: their headers and lengths (ISO 11172-3, 2.4.1.3 and 2.4.2.3)."""

from dataclasses import dataclass
from functools import cache

HEADER_BYTES = 4
# MPEG-1, layer III; by the header's bitrate index, where 0 is "free" and 15 forbidden.
BITRATES_KBPS = (None, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, None)
SAMPLE_RATES_HZ = (44_100, 48_000, 32_000, None)
CHANNELS = (2, 2, 2, 1)


@dataclass(frozen=True, slots=True)
class FrameHeader:
    """What a header says of its frame; `length` in bytes, the header's own four among them."""

    bitrate_kbps: int
    sample_rate_hz: int
    channels: int
    length: int


def frame_header(data: bytes | bytearray, at: int = 0) -> FrameHeader | None:
    """The header at this byte; None if no frame of MPEG-1, layer III, begins there."""
    return _parsed(bytes(data[at : at + HEADER_BYTES]))


def split_frames(data: bytes | bytearray) -> tuple[list[bytes], bytes]:
    """The whole frames, and the beginning of the next. Raises ValueError where a frame should begin and none does."""
    frames: list[bytes] = []
    at = 0
    while at + HEADER_BYTES <= len(data):
        header = frame_header(data, at)
        if header is None:
            raise ValueError(f"no MP3 frame begins at byte {at}")
        if at + header.length > len(data):
            break
        frames.append(bytes(data[at : at + header.length]))
        at += header.length
    return frames, bytes(data[at:])


# A stream of one bitrate has a handful of different headers: they are taken apart once.
@cache
def _parsed(header: bytes) -> FrameHeader | None:
    # Eleven bits of sync, then version 1 (3), layer III (1), and the protection bit of either value.
    if len(header) < HEADER_BYTES or header[0] != 0xFF or header[1] & 0xFE != 0xFA:
        return None
    bitrate_kbps = BITRATES_KBPS[header[2] >> 4]
    sample_rate_hz = SAMPLE_RATES_HZ[header[2] >> 2 & 3]
    if bitrate_kbps is None or sample_rate_hz is None:
        return None
    padding = header[2] >> 1 & 1
    length = 144_000 * bitrate_kbps // sample_rate_hz + padding
    return FrameHeader(bitrate_kbps, sample_rate_hz, CHANNELS[header[3] >> 6], length)
