"""Listeners who walk: one move a second each, put on the bus as the gateway does."""

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from math import cos, pi, sin
from typing import TYPE_CHECKING

from backend.geo.position import Position

if TYPE_CHECKING:
    from backend.listening.models import Stream

# Half of the bench project's zone, far outside of its recordings' range, and there in no time: as demanding as can be.
FAR_DEGREES, FAR_SECONDS_PER_ROUND = 0.01, 60.0
# Some 300 m, so that the recordings stay near, on foot: 1.4 m/s.
NEAR_DEGREES, NEAR_SECONDS_PER_ROUND = 0.003, 1_500.0


@dataclass(slots=True)
class Walk:
    """How far the walkers have come."""

    moves: int = 0


# Where the walker of this number is at this second.
Route = Callable[[int, int], Position]


@contextmanager
def walking(streams: "Sequence[Stream]", route: Route) -> Iterator[Walk]:
    """All of these walk until the block ends, spread evenly over every second."""
    walk, stopping = Walk(), threading.Event()
    thread = threading.Thread(target=_walk, args=[streams, route, walk, stopping], daemon=True)
    thread.start()
    try:
        yield walk
    finally:
        stopping.set()
        thread.join()


def rounds(
    latitude: float,
    longitude: float,
    *,
    walkers: int,
    radius_degrees: float = FAR_DEGREES,
    seconds_per_round: float = FAR_SECONDS_PER_ROUND,
) -> Route:
    """A way round this place for each, all of them spread over it; degrees of latitude."""

    def place(walker: int, second: int) -> Position:
        angle = 2 * pi * (second / seconds_per_round + walker / walkers)
        return Position(latitude + radius_degrees * sin(angle), longitude + 2 * radius_degrees * cos(angle))

    return place


def _walk(streams: "Sequence[Stream]", route: Route, walk: Walk, stopping: threading.Event) -> None:
    from backend import bus
    from backend.bus.commands import MoveListener
    from backend.ids import StreamId

    started = time.monotonic()
    while streams and not stopping.is_set():
        second, walker = divmod(walk.moves, len(streams))
        bus.publish(MoveListener(StreamId(str(streams[walker].pk)), route(walker, second)))
        walk.moves += 1
        stopping.wait(max(0.0, started + walk.moves / len(streams) - time.monotonic()))
