"""Metres that the database measures, against the ellipsoid's own."""

from itertools import pairwise

import numpy as np
import pytest
from django.contrib.gis.geos import MultiPolygon, Polygon
from pyproj import Geod

from backend.assets.models import Asset
from backend.geo.metres import MetresDistance
from backend.geo.position import Position
from tests.cast import make_asset

pytestmark = pytest.mark.django_db
WGS_84 = Geod(ellps="WGS84")


def measured(column, position):
    return Asset.objects.annotate(metres=MetresDistance(column, position)).values_list("metres", flat=True).get()


@pytest.mark.parametrize("latitude", [-75.0, -33.0, 0.0, 42.0, 60.0, 70.0, 85.0])
@pytest.mark.parametrize("metres", [1.0, 500.0, 100_000.0, 2_000_000.0])
@pytest.mark.parametrize("bearing", [30.0, 90.0, 200.0])
def test_points_are_as_far_as_the_ellipsoid_has_it(latitude, metres, bearing):
    longitude, far, _ = WGS_84.fwd(24.94, latitude, bearing, metres)
    make_asset(None, latitude=far, longitude=longitude)
    assert measured("position", Position(latitude, 24.94)) == pytest.approx(metres, rel=1e-4)


def test_the_date_line_is_no_gap():
    make_asset(None, latitude=60.0, longitude=-179.99)
    assert measured("position", Position(60.0, 179.99)) == pytest.approx(1_116.0, rel=1e-3)


def nearest_metres(polygon, position):
    """To the nearest of many points of the outline."""
    corners = np.array(polygon.exterior_ring.coords)
    steps = np.linspace(0, 1, 400)[:, None]
    points = np.concatenate([a + (b - a) * steps for a, b in pairwise(corners)])
    count = len(points)
    centre = np.full(count, position.longitude), np.full(count, position.latitude)
    return WGS_84.inv(*centre, points[:, 0], points[:, 1])[2].min()


@pytest.mark.parametrize("latitude", [0.0, 42.0, 60.0, 70.0])
@pytest.mark.parametrize(("east", "north"), [(0.4, 0.1), (0.05, 0.7), (-0.6, -0.2), (0.01, -0.01), (-4.0, 2.0)])
def test_a_shape_is_as_far_as_its_nearest_point_on_the_ground_not_in_degrees(latitude, east, north):
    tilted = Polygon([(0, 0), (0.02, 0.012), (0.013, 0.03), (-0.01, 0.01), (0, 0)], srid=4326)
    moved = Polygon([(24.94 + east + x, latitude + north + y) for x, y in tilted.coords[0]], srid=4326)
    make_asset(None, shape=MultiPolygon(moved, srid=4326))
    position = Position(latitude, 24.94)
    assert measured("shape", position) == pytest.approx(nearest_metres(moved, position), rel=0.005)


def test_within_a_shape_it_is_0_and_without_one_it_is_null():
    around = MultiPolygon(Polygon.from_bbox((24.9, 60.1, 25.0, 60.2)), srid=4326)
    asset = make_asset(None, shape=around)
    assert measured("shape", Position(60.15, 24.95)) == 0
    asset.shape = None
    asset.save()
    assert measured("shape", Position(60.15, 24.95)) is None
