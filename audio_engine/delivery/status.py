"""What the engine says of itself at GET /status."""

from collections.abc import Callable
from dataclasses import dataclass

import orjson


@dataclass(frozen=True, slots=True)
class EngineStatus:
    """`load` is the share of a tick that rendering takes; from 0.7 on new streams are refused.

    `sounding` counts the streams that are rendered; `skipped_ticks` and `events_lost` since the start, wanted 0.
    """

    uptime_seconds: float
    streams: int
    sounding: int
    listeners: int
    load: float
    skipped_ticks: int = 0
    events_lost: int = 0


StatusSource = Callable[[], EngineStatus]


def status_json(source: StatusSource) -> bytes:
    return orjson.dumps(source())
