"""Places on a grid: near enough, the same for all, and without a seam."""

import pytest

from backend.geo.earth import metres_between
from backend.geo.grid import on_grid
from backend.geo.position import Position
from backend.geo.regions import Box


@pytest.mark.parametrize("latitude", [-89.99, -60.1, 0.0, 12.3, 60.17, 85.0])
@pytest.mark.parametrize("metres", [1.0, 10.0, 250.0, 5_000.0])
def test_no_place_is_moved_further_than_half_a_diagonal(latitude, metres):
    for longitude in (-179.9999, -0.3, 24.94, 179.9999):
        place = Position(latitude, longitude)
        assert metres_between(place, on_grid(place, metres)) <= 0.72 * metres + 0.02


def test_a_place_on_the_grid_stays_where_it_is():
    once = on_grid(Position(60.17, 24.94), 10)
    assert on_grid(once, 10) == once


def test_neighbours_fall_together():
    centre = on_grid(Position(60.17, 24.94), 100)
    around = [Position(centre.latitude + d, centre.longitude + e) for d in (-3e-4, 3e-4) for e in (-6e-4, 6e-4)]
    assert {on_grid(place, 100) for place in around} == {centre}


def test_the_date_line_is_no_seam():
    assert on_grid(Position(10.0, 179.99999), 1_000) == on_grid(Position(10.0, -179.99999), 1_000)


def test_the_poles_are_places():
    assert on_grid(Position(90.0, 12.0), 1_000).latitude <= 90.0


def test_without_a_grid_a_place_is_as_exact_as_it_was():
    place = Position(60.123456789, 24.987654321)
    assert on_grid(place, 0) is place


def test_a_box_across_the_date_line_holds_both_sides_of_it():
    box = Box.shown(170.0, -10.0, -170.0, 10.0)
    assert [box.contains(Position(0.0, each)) for each in (169.0, 175.0, 180.0, -180.0, -175.0, -169.0)] == [
        False,
        True,
        True,
        True,
        True,
        False,
    ]
