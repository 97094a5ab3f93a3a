"""The formats that a stream may have, as its row names them."""

from enum import StrEnum


class Format(StrEnum):
    """How a stream is encoded."""

    MP3 = "mp3"
    OPUS = "opus"
