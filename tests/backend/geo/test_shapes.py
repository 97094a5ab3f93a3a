import numpy as np
import pytest
from django.contrib.gis.geos import Point, Polygon
from pyproj import Geod

from backend.geo.position import Position
from backend.geo.shapes import ShapeField

WGS84 = Geod(ellps="WGS84")


def box(west, south, east, north):
    return ((west, south), (east, south), (east, north), (west, north), (west, south))


def depth(shape, latitude, longitude):
    return ShapeField.of([shape]).metres_inside(Position(latitude, longitude))[0]


@pytest.mark.parametrize("latitude", [0, 60, 75])
def test_the_depth_is_the_distance_to_the_nearest_side(latitude):
    shape = ((box(24, latitude - 0.1, 25, latitude + 0.1),),)
    metres = WGS84.inv(24.02, latitude, 24, latitude)[2]

    assert depth(shape, latitude, 24.02) == pytest.approx(metres, rel=0.005)
    assert depth(shape, latitude, 23.98) == pytest.approx(-metres, rel=0.005)


def test_the_ends_of_a_side_are_its_nearest_points_from_past_them():
    corner = WGS84.inv(-0.003, -0.004, 0, 0)[2]

    assert depth(((box(0, 0, 1, 1),),), -0.004, -0.003) == pytest.approx(-corner, rel=1e-4)


def test_a_hole_is_outside_and_its_side_is_a_boundary():
    shape = ((box(0, 0, 0.3, 0.3), box(0.1, 0.1, 0.2, 0.2)),)
    metres = WGS84.inv(0.1, 0.15, 0.11, 0.15)[2]

    assert depth(shape, 0.15, 0.11) == pytest.approx(-metres, rel=1e-3)
    assert depth(shape, 0.15, 0.09) == pytest.approx(metres, rel=1e-3)


def test_all_polygons_of_a_shape_count():
    shape = ((box(0, 0, 0.1, 0.1),), (box(1, 0, 1.1, 0.1),))

    assert depth(shape, 0.05, 0.05) > 0
    assert depth(shape, 0.05, 1.05) > 0
    assert depth(shape, 0.05, 0.5) < -44_000


def test_every_shape_is_asked_on_its_own():
    field = ShapeField.of([((box(0, 0, 1, 1),),), (), ((box(1.5, 0, 2.5, 1),), (box(0.4, 0.4, 0.6, 0.6),))])

    depths = field.metres_inside(Position(0.5, 0.5))

    assert depths[0] > 50_000
    assert depths[1] == -np.inf
    assert 10_000 < depths[2] < 11_200


def test_no_shapes_have_no_depths():
    assert len(ShapeField.of([]).metres_inside(Position(0, 0))) == 0
    assert ShapeField.of([()]).metres_inside(Position(0, 0)).tolist() == [-np.inf]


def test_a_ring_that_is_left_open_is_closed():
    assert depth(((box(0, 0, 1, 1)[:-1],),), 0.5, 0.9) == pytest.approx(depth(((box(0, 0, 1, 1),),), 0.5, 0.9))


def test_long_sides_stay_straight_in_degrees():
    """A great circle from 24 to 26 degrees east at 60 degrees north would bulge 400 m to the north."""
    shape = ((box(24, 59, 26, 60),),)
    metres = WGS84.inv(25, 60, 25, 60.001)[2]

    assert depth(shape, 60.001, 25) == pytest.approx(-metres, abs=2)


def test_geos_agrees_about_a_star_with_a_hole():
    """GEOS measures in degrees: near the equator, 111 km each."""
    rng = np.random.default_rng(5)
    angles = np.linspace(0, 2 * np.pi, 40, endpoint=False)
    radii = rng.uniform(0.006, 0.02, 40)
    star = close(np.stack([radii * np.cos(angles), radii * np.sin(angles)], axis=1))
    hole = close(0.004 * np.stack([np.cos(angles), np.sin(angles)], axis=1))
    judge = Polygon(star, hole, srid=4326)
    field = ShapeField.of([((star, hole),)])

    for longitude, latitude in rng.uniform(-0.02, 0.02, (300, 2)):
        point = Point(longitude, latitude, srid=4326)
        sign = 1 if judge.contains(point) else -1
        metres = sign * judge.boundary.distance(point) * 111_000
        assert field.metres_inside(Position(latitude, longitude))[0] == pytest.approx(metres, rel=0.01, abs=0.5)


def close(corners):
    ring = [tuple(corner) for corner in corners.tolist()]
    return (*ring, ring[0])


def test_a_shape_across_the_date_line_is_met_from_both_sides():
    shape = ((box(179.9, 0, 180.1, 0.1),),)

    assert depth(shape, 0.05, 179.95) > 0
    assert depth(shape, 0.05, -179.95) > 0
    assert depth(shape, 0.05, -179.85) < 0
