import numpy as np
import pytest
from pyproj import Geod

from backend.geo.earth import HALF_CIRCUMFERENCE_METRES, Viewpoint, metres_between, places
from backend.geo.position import Position

WGS84 = Geod(ellps="WGS84")
BEARINGS = np.arange(0.0, 360.0, 15.0)


def places_around(origin: Position, kilometres: float):
    count = len(BEARINGS)
    longitudes, latitudes, _ = WGS84.fwd(
        [origin.longitude] * count, [origin.latitude] * count, BEARINGS, [kilometres * 1000] * count
    )
    return places(longitudes, latitudes)


def turned_from(bearings, others):
    return np.abs((others - bearings + 180) % 360 - 180)


@pytest.mark.parametrize("latitude", [-33.9, 0, 60.17, 75, 89])
@pytest.mark.parametrize("kilometres", [0.01, 1, 50])
def test_near_distances_and_bearings_are_those_of_the_ellipsoid(latitude, kilometres):
    origin = Position(latitude, 24.94)

    points = places_around(origin, kilometres)

    assert Viewpoint(origin).metres(points) == pytest.approx(kilometres * 1000, rel=1e-4)
    assert turned_from(BEARINGS, Viewpoint(origin).bearings(points)).max() < 0.001


def test_far_distances_are_right_to_one_percent():
    origin = Position(60, 25)

    assert Viewpoint(origin).metres(places_around(origin, 8_000)) == pytest.approx(8_000_000, rel=0.01)
    antipode = Viewpoint(origin).metres(places([-155.0], [-60.0]))
    assert antipode == pytest.approx(HALF_CIRCUMFERENCE_METRES, rel=0.04)
    assert antipode[0] <= HALF_CIRCUMFERENCE_METRES


def test_the_plane_keeps_distance_and_bearing():
    origin = Position(75, 179.9)

    plane = Viewpoint(origin).plane(places_around(origin, 50))

    assert np.hypot(*plane) == pytest.approx(50_000, rel=1e-4)
    assert turned_from(BEARINGS, np.degrees(np.arctan2(*plane))).max() < 0.001


def test_the_position_itself_is_the_middle_of_its_plane():
    assert Viewpoint(Position(10, 20)).plane(places([20.0], [10.0])) == pytest.approx(0)


def test_the_way_between_two_places_is_that_of_the_ellipsoid():
    here, there = Position(60.17, 24.94), Position(60.25, 25.05)

    *_, metres = WGS84.inv(here.longitude, here.latitude, there.longitude, there.latitude)

    assert metres_between(here, there) == pytest.approx(metres, rel=1e-4)
