"""The inward buffer, against geodesic distances of PROJ."""

from itertools import pairwise

import pytest
from django.contrib.gis.geos import MultiPolygon, Polygon
from pyproj import Geod

from backend.geo.buffering import LocalPlane, inward_buffer, outline

GEOD = Geod(ellps="WGS84")


# Kilometres of one degree of longitude, so that the boxes are about square.
DEGREE_KILOMETRES = {
    latitude: GEOD.inv(24, latitude, 25, latitude)[2] / 1000
    for latitude in (-85.0, -60.0, 0.0, 30.0, 45.0, 60.0, 75.0, 85.0)
}


def box(longitude: float, latitude: float, east_degrees: float, north_degrees: float) -> Polygon:
    return Polygon.from_bbox((longitude, latitude, longitude + east_degrees, latitude + north_degrees))


def metres_to_sides(point, polygon):
    """The geodesic distance from a point to the nearest of many points along the ring."""
    longitudes, latitudes = [], []
    ring = polygon.exterior_ring.coords
    for (x, y), (end_x, end_y) in pairwise(ring):
        longitudes += [x + (end_x - x) * i / 400 for i in range(400)]
        latitudes += [y + (end_y - y) * i / 400 for i in range(400)]
    count = len(longitudes)
    return min(GEOD.inv([point[0]] * count, [point[1]] * count, longitudes, latitudes)[2])


@pytest.mark.parametrize("latitude", [-85.0, -60.0, 0.0, 30.0, 45.0, 60.0, 75.0, 85.0])
@pytest.mark.parametrize(("north_degrees", "metres"), [(0.01, 200.0), (0.5, 9_000.0)])
def test_the_border_lies_this_many_metres_inside_at_every_latitude(latitude, north_degrees, metres):
    polygon = box(24.0, latitude, north_degrees * 111 / DEGREE_KILOMETRES[latitude], north_degrees)
    border = inward_buffer(MultiPolygon(polygon, srid=4326), metres)
    distances = [
        metres_to_sides(point, polygon) for line in border.coords for point in line[:: max(1, len(line) // 12)]
    ]
    assert len(distances) >= 5
    assert min(distances) == pytest.approx(metres, rel=0.01)
    assert max(distances) == pytest.approx(metres, rel=0.01)


def test_a_shape_that_is_too_narrow_has_an_empty_border():
    border = inward_buffer(MultiPolygon(box(25, 60, 0.01, 0.01), srid=4326), 400)
    assert border.empty
    assert border.srid == 4326


def test_only_the_wide_part_of_a_shape_keeps_a_border():
    wide, narrow = box(25, 60, 0.1, 0.05), box(26, 60, 0.001, 0.001)
    border = inward_buffer(MultiPolygon(wide, narrow, srid=4326), 500)
    assert len(border) == 1
    assert wide.contains(border)


def test_a_hole_is_an_edge_too():
    ring, hole = box(0, 0, 0.1, 0.1), box(0.04, 0.04, 0.02, 0.02)
    border = inward_buffer(MultiPolygon(Polygon(ring.exterior_ring, hole.exterior_ring), srid=4326), 1_000)
    around_hole = border[1]
    distances = [metres_to_sides(point, hole) for point in around_hole.coords]
    assert len(border) == 2
    assert (min(distances), max(distances)) == pytest.approx((1_000, 1_000), rel=0.01)


def test_no_distance_gives_the_outline():
    shape = MultiPolygon(box(25, 60, 0.04, 0.04), srid=4326)
    assert inward_buffer(shape, 0).length == pytest.approx(outline(shape).length)


def test_the_plane_gives_back_what_it_took():
    plane = LocalPlane(179.99, -77.0)
    longitude, latitude = plane.to_degrees(*plane.to_metres(-179.9, -76.9))
    assert (longitude, latitude) == pytest.approx((-179.9, -76.9))
    assert plane.to_degrees(0, 0) == pytest.approx((179.99, -77.0))


def test_the_outline_has_every_ring():
    ring, hole = box(0, 0, 3, 3), box(1, 1, 1, 1)
    shape = MultiPolygon(Polygon(ring.exterior_ring, hole.exterior_ring), box(5, 5, 1, 1), srid=4326)
    assert len(outline(shape)) == 3
