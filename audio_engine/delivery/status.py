"""What the engine says of itself at GET /status; the same figures are /metrics."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

import orjson


class Kind(Enum):
    """How a figure goes: a level up and down, a count up alone until the engine starts anew."""

    LEVEL = "level"
    COUNT = "count"
    # A level of each stream by its number, as text; of those alone that it says something of.
    STREAM_LEVELS = "stream levels"


def _level(meaning: str) -> Any:
    return field(default=0, metadata={"kind": Kind.LEVEL, "meaning": meaning})


def _count(meaning: str) -> Any:
    return field(default=0, metadata={"kind": Kind.COUNT, "meaning": meaning})


def _stream_levels(meaning: str) -> Any:
    return field(default_factory=dict, metadata={"kind": Kind.STREAM_LEVELS, "meaning": meaning})


@dataclass(frozen=True, slots=True, kw_only=True)
class EngineStatus:
    """All figures of one moment, with their meanings."""

    uptime_seconds: float = _level("Since the engine started.")
    load: float = _level("Render time over tick, of the last second; above 0.7 new streams are refused.")
    ticks: int = _count("Ticks that were rendered.")
    render_seconds: float = _count("Time that rendering them took.")
    late_ticks: int = _count("Ticks that began late.")
    skipped_ticks: int = _count("Ticks given up because the beat was too late; wanted 0.")

    streams: int = _level("Sessions in the engine, heard or not.")
    sounding: int = _level("Sessions that are rendered.")
    listeners: int = _level("Connections that hear a stream.")
    lag_seconds_worst: float = _level("Sound that was rendered and not taken yet: the listener furthest behind.")
    lag_seconds_median: float = _level("The same, of the listener in the middle.")
    lag_seconds: Mapping[str, float] = _stream_levels("The same, of each stream that is listened to.")
    underruns: int = _count("Times that a player, starting with two seconds, had nothing left; wanted 0.")
    lost_chunks: int = _count("Ticks of sound that listeners lost because they did not read.")
    replaced: int = _count("Listeners who gave way to a newer one of the same stream.")
    cut_off: int = _count("Listeners cut off because they took nothing for long.")
    refused: int = _count("Listeners refused because the engine was full.")
    events_lost: int = _count("Events that the database or the bus did not take; wanted 0.")

    bank_mapped_bytes: int = _level("Decoded sound that is open.")
    bank_mapped_sounds: int = _level("Sounds that are open.")
    bank_disk_bytes: int = _level("Decoded sound on disk, as of the last minute.")
    bank_disk_sounds: int = _level("Sounds on disk, as of the last minute.")
    bank_pending_sources: int = _level("Sources that are being fetched or decoded.")
    bank_broken_sources: int = _level("Sources that were asked for during the last hour and cannot sound.")
    bank_breakages: int = _count("Times that a source was found broken.")


StatusSource = Callable[[], EngineStatus]


def status_json(source: StatusSource) -> bytes:
    return orjson.dumps(source())
