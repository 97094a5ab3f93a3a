"""`python -m bench.planner`: what planning a walk costs, with few assets in the project and with many."""

import argparse
import statistics
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from math import cos, pi, radians, sin
from random import Random

import numpy as np
from numpy.typing import NDArray

from audio_engine.planner.grid import granules_of, seconds_of
from audio_engine.planner.session import PlannedSession
from audio_engine.soundscape import (
    SAMPLE_RATE,
    TICK_GRANULES,
    RepeatMode,
    Soundscape,
    SourceKey,
    SourceState,
    SpeakerSource,
    Track,
)
from backend.geo.position import Position
from backend.geo.shapes import MultiPolygon
from backend.hearing.assets import AssetFacts, AssetField
from backend.hearing.listener import Listener
from backend.hearing.speakers import SpeakerField, SpeakerZone
from backend.hearing.tags import TagRule
from backend.ids import AssetId, AudiotrackId, ProjectId, SpeakerId, StreamId, TagCategoryId, TagId

MIDDLE = Position(60.17, 24.94)
METRES_PER_DEGREE = 111_320.0
# Half the width of the town in which all of it lies.
TOWN_METRES = 1_500.0
RADIUS_METRES = 50.0
SPEAKERS, CORNERS, TRACKS, TAGS = 30, 32, 2, 12
# A brisk walk, told once a second.
WALK_SECONDS, METRES_PER_SECOND = 600, 1.4
EPOCH = datetime(2026, 1, 1, tzinfo=UTC)


def main() -> None:
    """Print the median over all walks, each the quickest of some: neighbours on the machine only ever slow it down."""
    options = _options()
    seconds, seconds_with_many = (
        statistics.median(min(walk(scape, seed) for _ in range(options.tries)) for seed in range(options.walks))
        for scape in (town(2_000), town(20_000))
    )
    print(
        f"planner_ms_per_session_second={seconds / WALK_SECONDS * 1000:.4f} "
        f"with_20000={seconds_with_many / WALK_SECONDS * 1000:.4f} ten_minutes_s={seconds:.3f}"
    )


def walk(scape: Soundscape, seed: int) -> float:
    """The CPU seconds that one listener's ten minutes cost: a move a second, and every block of the beat."""
    positions = list(steps(Random(seed)))
    session = PlannedSession(
        scape,
        _Silence(),
        stream_id=StreamId(f"walk {seed}"),
        listener=Listener(position=positions[0]),
        seed=seed,
        granule=0,
        wall_clock=lambda granule: EPOCH + timedelta(seconds=seconds_of(granule)),
    )
    started, granule = time.process_time(), 0
    for second, position in enumerate(positions, start=1):
        session.move(position, granule=granule)
        while granule < granules_of(second):
            session.plan(granule, TICK_GRANULES)
            session.take_events()
            granule += TICK_GRANULES
    return time.process_time() - started


def steps(random: Random) -> Iterator[Position]:
    """A position a second: on, turning a little, and back from the edge of the town."""
    east, north, course = random.uniform(-800, 800), random.uniform(-800, 800), random.uniform(0, 2 * pi)
    for _ in range(WALK_SECONDS):
        yield place(east, north)
        course += random.gauss(0, 0.1) + (pi if max(abs(east), abs(north)) > TOWN_METRES else 0)
        east += METRES_PER_SECOND * sin(course)
        north += METRES_PER_SECOND * cos(course)


def place(east: float, north: float) -> Position:
    """So many metres from the middle of the town."""
    per_degree_of_longitude = METRES_PER_DEGREE * cos(radians(MIDDLE.latitude))
    return Position(MIDDLE.latitude + north / METRES_PER_DEGREE, MIDDLE.longitude + east / per_degree_of_longitude)


def town(assets: int) -> Soundscape:
    """Speakers that overlap and assets everywhere; one in twenty has a shape of its own."""
    random = Random(assets)
    zones = [SpeakerZone(SpeakerId(number), 0.0, 0.8, 100.0, shape(random, 350)) for number in range(1, SPEAKERS + 1)]
    facts = [
        AssetFacts(
            id=AssetId(number),
            position=_somewhere(random),
            shape=shape(random, RADIUS_METRES) if number % 20 == 0 else None,
            tag_ids=frozenset(map(TagId, random.sample(range(1, TAGS + 1), 3))),
            duration_seconds=random.uniform(5, 60),
        )
        for number in range(1, assets + 1)
    ]
    return Soundscape(
        project_id=ProjectId(1),
        speakers=SpeakerField.of(zones),
        speaker_sources=[SpeakerSource(SourceKey(f"speaker {zone.id}")) for zone in zones],
        assets=AssetField.of(facts),
        asset_sources=[SourceKey(f"asset {number}") for number in range(assets)],
        tracks=[Track(id=AudiotrackId(number)) for number in range(1, TRACKS + 1)],
        tag_rule=_tag_rule(),
        repeat_mode=RepeatMode.CONTINUOUS,
        recording_radius_metres=RADIUS_METRES,
    )


def shape(random: Random, metres: float) -> MultiPolygon:
    """A ragged round of so many metres somewhere in the town."""
    east, north = random.uniform(-TOWN_METRES, TOWN_METRES), random.uniform(-TOWN_METRES, TOWN_METRES)
    angles = [2 * pi * corner / CORNERS for corner in range(CORNERS)]
    reaches = [metres * random.uniform(0.7, 1) for _ in angles]
    corners = [
        place(east + reach * sin(angle), north + reach * cos(angle))
        for angle, reach in zip(angles, reaches, strict=True)
    ]
    ring = [(corner.longitude, corner.latitude) for corner in corners]
    return (((*ring, ring[0]),),)


def _somewhere(random: Random) -> Position:
    return place(random.uniform(-TOWN_METRES, TOWN_METRES), random.uniform(-TOWN_METRES, TOWN_METRES))


def _tag_rule() -> TagRule:
    """Three categories that listeners choose from; who has chosen nothing hears most of each."""
    categories = {TagId(tag): TagCategoryId(tag % 3) for tag in range(1, TAGS + 1)}
    return TagRule(categories, frozenset(categories.values()), frozenset(map(TagId, range(1, TAGS))))


class _Silence:
    """Sounds that are there at once."""

    _pcm: NDArray[np.int16] = np.zeros((SAMPLE_RATE * 60, 1), dtype=np.int16)

    def state(self, key: SourceKey) -> SourceState:
        return SourceState.READY

    def pcm(self, key: SourceKey) -> NDArray[np.int16] | None:
        return self._pcm


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--walks", type=int, default=9)
    parser.add_argument("--tries", type=int, default=3, help="of each walk")
    return parser.parse_args()


if __name__ == "__main__":
    main()
