"""Listeners who walk: one move a second each, put on the bus as the gateway does."""

import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from math import cos, pi, sin
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from backend.listening.models import Stream

SECONDS_PER_ROUND = 60.0
# Half of the bench project's zone: gains change all the time, and the recordings stay near for half of the round.
RADIUS_DEGREES = 0.01


@dataclass(slots=True)
class Walk:
    """How far the walkers have come."""

    moves: int = 0


@contextmanager
def walking(streams: "Sequence[Stream]", latitude: float, longitude: float) -> Iterator[Walk]:
    """All of these go round until the block ends, spread evenly over every second."""
    walk, stopping = Walk(), threading.Event()
    thread = threading.Thread(target=_walk, args=[streams, latitude, longitude, walk, stopping], daemon=True)
    thread.start()
    yield walk
    stopping.set()
    thread.join()


def _walk(
    streams: "Sequence[Stream]", latitude: float, longitude: float, walk: Walk, stopping: threading.Event
) -> None:
    from backend import bus
    from backend.bus.commands import MoveListener
    from backend.geo.position import Position
    from backend.ids import StreamId

    started = time.monotonic()
    while streams and not stopping.is_set():
        stream = streams[walk.moves % len(streams)]
        angle = 2 * pi * (walk.moves / len(streams) / SECONDS_PER_ROUND + walk.moves % len(streams) / len(streams))
        place = Position(latitude + RADIUS_DEGREES * sin(angle), longitude + 2 * RADIUS_DEGREES * cos(angle))
        bus.publish(MoveListener(StreamId(str(stream.pk)), place))
        walk.moves += 1
        stopping.wait(max(0.0, started + walk.moves / len(streams) - time.monotonic()))
