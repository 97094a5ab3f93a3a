"""How somebody strolls through the demo's town: on foot, from one place to another, a position a second."""

from collections.abc import Iterator
from math import cos, dist, radians
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

from backend.geo.position import Position

if TYPE_CHECKING:
    from backend.projects.models import Project

# Of the demo's zones and recordings.
SOUTH, NORTH, WEST, EAST = 60.1648, 60.1790, 24.9352, 24.9534
METRES_PER_DEGREE = 111_320.0
METRES_PER_SECOND = 1.4


def demo_walk(_: Path) -> "Project":
    """The demo's first project, made in an empty database: `A sound walk in Helsinki`."""
    from backend.config.demo import load

    return load()[0]


def stroll(seed: int) -> Iterator[Position]:
    """Endless: a place is chosen by chance, walked to, and then the next."""
    random = Random(seed)
    latitude, longitude = _somewhere(random)
    while True:
        north, east = _somewhere(random)
        steps = max(1, round(_metres(north - latitude, east - longitude) / METRES_PER_SECOND))
        for step in range(steps):
            share = step / steps
            yield Position(latitude + share * (north - latitude), longitude + share * (east - longitude))
        latitude, longitude = north, east


def _somewhere(random: Random) -> tuple[float, float]:
    return random.uniform(SOUTH, NORTH), random.uniform(WEST, EAST)


def _metres(north_degrees: float, east_degrees: float) -> float:
    to_scale = (north_degrees, east_degrees * cos(radians((SOUTH + NORTH) / 2)))
    return METRES_PER_DEGREE * dist((0, 0), to_scale)
