"""How somebody strolls through the demo's walk: on foot, from one of its recordings to another, a position a second."""

import tomllib
from collections.abc import Iterator
from itertools import repeat
from math import cos, dist, radians
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

from backend.geo.position import Position

if TYPE_CHECKING:
    from backend.projects.models import Project

DESCRIPTION = Path(__file__).resolve().parents[1] / "demo" / "helsinki.toml"
METRES_PER_DEGREE = 111_320.0
METRES_PER_SECOND = 1.4
# At each they stand and listen for a while.
STANDING_SECONDS = 20


def demo_walk(_: Path) -> "Project":
    """The demo's first project, made in an empty database: `A sound walk in Helsinki`."""
    from backend.config.demo import load

    return load()[0]


def stroll(seed: int) -> Iterator[Position]:
    """Endless: a recording is chosen by chance, walked to, listened to, and then the next."""
    random, places = Random(seed), _places()
    here = random.choice(places)
    while True:
        yield from repeat(here, STANDING_SECONDS)
        there = random.choice(places)
        yield from _way(here, there)
        here = there


def _places() -> list[Position]:
    assets = tomllib.loads(DESCRIPTION.read_text())["assets"]
    return [Position(latitude, longitude) for longitude, latitude in (asset["at"] for asset in assets if "at" in asset)]


def _way(here: Position, there: Position) -> Iterator[Position]:
    north, east = there.latitude - here.latitude, there.longitude - here.longitude
    metres = METRES_PER_DEGREE * dist((0, 0), (north, east * cos(radians(here.latitude))))
    steps = round(metres / METRES_PER_SECOND)
    for step in range(steps):
        yield Position(here.latitude + north * step / steps, here.longitude + east * step / steps)
