"""What was prepared for a place answers as what was not."""

import numpy as np
import pytest

from backend.geo.earth import Viewpoint, places
from backend.geo.position import Position
from backend.geo.shapes import ShapeField
from backend.geo.vicinity import Ground, NearShapes, PlaceField

METRES = 100.0


def near(position, metres, rng):
    """A position up to so many metres away in each direction."""
    north, east = rng.uniform(-metres, metres, 2) / 111_320
    return Position(position.latitude + north, position.longitude + east / np.cos(np.radians(position.latitude)))


def ragged(position, metres, rng, *, corners=12):
    angles = np.linspace(0, 2 * np.pi, corners, endpoint=False)
    reach = metres * rng.uniform(0.3, 1, corners) / 111_320
    ring = np.stack(
        [
            position.longitude + reach * np.sin(angles) / np.cos(np.radians(position.latitude)),
            position.latitude + reach * np.cos(angles),
        ],
        axis=1,
    )
    return tuple(map(tuple, [*ring.tolist(), ring[0].tolist()]))


def shapes_around(position, rng):
    """Of one polygon or two, some with a hole, and one of nothing."""
    made = [()]
    for _ in range(30):
        middle = near(position, 600, rng)
        outer = ragged(middle, 400, rng)
        hole = ragged(middle, 100, rng)
        other = ragged(near(position, 600, rng), 50, rng)
        made.append(((outer, hole), (other,)) if rng.random() < 0.5 else ((outer,),))
    return ShapeField.of(made)


@pytest.mark.parametrize("middle", [Position(60.17, 24.94), Position(0, 180), Position(-75, -70)])
def test_a_point_of_the_ground_is_where_the_place_sees_it(middle):
    rng = np.random.default_rng(1)
    ground = Ground(middle)
    for _ in range(20):
        there = near(middle, 1_000, rng)
        east, north = Viewpoint(middle).plane(places([there.longitude], [there.latitude]))[:, 0]
        assert ground.point(there) == pytest.approx(complex(east, north), abs=1e-3)
    assert ground.point(middle) == 0


@pytest.mark.parametrize("middle", [Position(60.17, 24.94), Position(0, 180), Position(-75, -70)])
def test_shapes_nearby_are_as_deep_as_from_anywhere(middle):
    rng = np.random.default_rng(2)
    shapes = shapes_around(middle, rng)
    low, high = np.full(shapes.count, -20.0), np.full(shapes.count, 60.0)
    nearby, ground = NearShapes(shapes, middle, metres=METRES, low=low, high=high), Ground(middle)
    between = 0
    for _ in range(200):
        there = near(middle, METRES / 1.5, rng)
        expected = shapes.metres_inside(there)
        found = nearby.metres_inside(ground.point(there))
        assert found.clip(low, high) == pytest.approx(expected.clip(low, high), abs=0.01)
        between += ((expected > low) & (expected < high)).sum()
    assert between > 200


def test_far_from_every_line_the_answer_is_beyond_a_bound():
    rng = np.random.default_rng(3)
    here = Position(0, 0)
    shapes = ShapeField.of([((ragged(here, 10_000, rng),),), ((ragged(Position(1, 1), 100, rng),),), ()])
    nearby = NearShapes(shapes, here, metres=METRES, low=np.zeros(3), high=np.ones(3))

    inside, outside, nowhere = nearby.metres_inside(3 + 4j)
    assert inside > 1
    assert outside < 0
    assert nowhere == -np.inf


def test_shapes_alone_are_as_among_the_others():
    rng = np.random.default_rng(4)
    middle = Position(60.17, 24.94)
    shapes = shapes_around(middle, rng)
    alone = shapes.take(np.array([3, 7, 30]))

    assert alone.count == 3
    for there in [near(middle, 500, rng) for _ in range(20)]:
        assert alone.metres_inside(there).tolist() == shapes.metres_inside(there)[[3, 7, 30]].tolist()
        assert alone.take(np.array([1])).metres_inside(there) == shapes.metres_inside(there)[7]


@pytest.mark.parametrize("metres", [0, 50, 500])
def test_no_shape_that_is_near_is_left_out(metres):
    rng = np.random.default_rng(5)
    middle = Position(60.17, 24.94)
    shapes = shapes_around(middle, rng)
    for there in [near(middle, 1_500, rng) for _ in range(50)]:
        close = np.flatnonzero(shapes.metres_inside(there) >= -metres)
        assert set(close) <= set(shapes.within(there, metres).tolist())
    assert len(shapes.within(Position(61, 24.94), metres)) == 0


def test_the_middle_of_a_large_shape_is_within_it():
    land = ((((10.0, 40.0), (20.0, 40.0), (20.0, 50.0), (10.0, 50.0), (10.0, 40.0)),),)

    assert ShapeField.of([land]).within(Position(45, 15), 0).tolist() == [0]
    assert ShapeField.of([()]).within(Position(45, 15), 0).tolist() == []


@pytest.mark.parametrize("metres", [30, 3_000, 1e9])
def test_places_near_a_position_are_found_with_where_they_are(metres):
    rng = np.random.default_rng(6)
    middle = Position(0.01, -179.999)
    positions = [near(middle, 5_000, rng) for _ in range(300)]
    vectors = places([each.longitude for each in positions], [each.latitude for each in positions])
    vectors[:, 17] = np.nan
    indices, plane = PlaceField(vectors).within(middle, metres)

    distances = Viewpoint(middle).metres(vectors)
    assert indices.tolist() == [index for index in range(300) if distances[index] <= metres]
    assert np.abs(plane) == pytest.approx(distances[indices])


def test_no_places_are_near_nothing():
    indices, plane = PlaceField(places([np.nan], [np.nan])).within(Position(0, 0), 100)

    assert (len(indices), len(plane)) == (0, 0)
