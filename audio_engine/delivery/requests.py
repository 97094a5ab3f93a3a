"""What a player asks for, read from its request."""

import re
from typing import NamedTuple
from urllib.parse import parse_qs

# What a player asks for to see whether ranges are known; more than this is listening.
_PROBE_BYTES = 1_024
_RANGE = re.compile(rb"\s*bytes=([0-9]{1,18})-([0-9]{1,18})\s*")
_STREAM = re.compile(rb"/stream([0-9]{1,18})\.([a-z0-9]{1,4})")


class StreamAddress(NamedTuple):
    """A stream's number, and the ending that says its format."""

    number: int
    suffix: str


def stream_address(path: bytes) -> StreamAddress | None:
    """Which stream this path names; None when it names none."""
    match = _STREAM.fullmatch(path)
    return StreamAddress(int(match[1]), match[2].decode()) if match else None


def key_of(query: bytes | None) -> str:
    """The stream's key; empty when there is none."""
    try:
        return parse_qs((query or b"").decode("latin-1"), max_num_fields=16).get("key", [""])[0]
    except ValueError:
        return ""


def is_probe(sought: bytes) -> bool:
    """Whether this Range is a question, and not listening."""
    part = _RANGE.fullmatch(sought)
    return part is not None and int(part[2]) - int(part[1]) < _PROBE_BYTES
