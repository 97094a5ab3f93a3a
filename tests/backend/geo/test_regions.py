"""Where things are, as conditions for the database: exact at the edges, across the date line and at the poles."""

import pytest
from django.contrib.gis.geos import MultiPolygon, Polygon
from django.db import connection

from backend.assets.models import Asset
from backend.geo.geojson import multi_polygon
from backend.geo.position import Position
from backend.geo.regions import Box, holds, is_within_metres, lies_within, meets
from tests.cast import make_asset

pytestmark = pytest.mark.django_db


def at(longitude, latitude):
    return make_asset(None, longitude=longitude, latitude=latitude)


def shaped(west, south, east, north):
    return make_asset(None, shape=MultiPolygon(Polygon.from_bbox((west, south, east, north)), srid=4326))


def area(*ring):
    return multi_polygon({"type": "Polygon", "coordinates": [[*ring, ring[0]]]})


def found(condition):
    return list(Asset.objects.filter(condition))


class TestAPoint:
    def test_lies_within_an_area_or_on_its_border(self):
        inside, border = at(24.5, 60.5), at(24.0, 60.5)
        at(23.999999, 60.5)
        assert found(lies_within("position", area([24, 60], [25, 60], [25, 61], [24, 61]))) == [inside, border]

    def test_lies_within_by_edges_that_are_straight_on_the_map(self):
        # The shortest way between the southern corners passes 2 degrees further north in the middle.
        south_of_the_shortest_way = at(20.0, 60.5)
        wide = area([0, 60], [40, 60], [40, 70], [0, 70])
        assert found(lies_within("position", wide)) == [south_of_the_shortest_way]

    def test_is_found_across_the_date_line(self):
        east, west = at(179.5, 0.5), at(-179.5, 0.5)
        at(0.0, 0.5)
        assert found(lies_within("position", area([179, 0], [181, 0], [181, 1], [179, 1]))) == [east, west]
        assert found(lies_within("position", area([-181, 0], [-179, 0], [-179, 1], [-181, 1]))) == [east, west]
        assert found(meets("position", Box(179, 0, 181, 1))) == [east, west]
        assert found(is_within_metres("position", Position(0.5, 180.0), 60_000)) == [east, west]

    def test_on_the_side_of_a_box_is_in_it(self):
        corner = at(24.1, 60.1)
        at(24.1 - 1e-7, 60.1)
        assert found(meets("position", Box(24.1, 60.1, 25, 61))) == [corner]

    @pytest.mark.parametrize(("metres", "count"), [(1_110.0, 0), (1_120.0, 1), (0.0, 0), (20_100_000.0, 1)])
    def test_is_within_metres_or_not(self, metres, count):
        at(24.96, 60.0)
        assert len(found(is_within_metres("position", Position(60.0, 24.94), metres))) == count

    def test_beyond_the_pole_is_near(self):
        beyond = at(-155.0, 89.9)
        assert found(is_within_metres("position", Position(89.9, 25.0), 23_000)) == [beyond]

    def test_that_is_absent_is_nowhere_and_not_anywhere_either(self):
        nowhere = make_asset(None, latitude=None, longitude=None)
        for condition in (
            is_within_metres("position", Position(60, 24), 20_100_000),
            meets("position", Box(-180, -90, 180, 90)),
            lies_within("position", area([-180, -90], [180, -90], [180, 90], [-180, 90])),
        ):
            assert found(condition) == []
            assert found(~condition) == [nowhere]


class TestAShape:
    def test_lies_within_as_a_whole_and_meets_with_a_part(self):
        whole, part = shaped(24.1, 60.1, 24.2, 60.2), shaped(24.9, 60.1, 25.1, 60.2)
        shaped(25.5, 60.1, 25.6, 60.2)
        assert found(lies_within("shape", area([24, 60], [25, 60], [25, 61], [24, 61]))) == [whole]
        assert found(meets("shape", Box(24, 60, 25, 61))) == [whole, part]

    def test_that_surrounds_a_box_meets_it(self):
        assert found(meets("shape", Box(24.1, 60.1, 24.2, 60.2))) == []
        around = shaped(24, 60, 25, 61)
        assert found(meets("shape", Box(24.1, 60.1, 24.2, 60.2))) == [around]

    def test_whose_box_meets_is_not_met_for_that(self):
        triangle = multi_polygon({"type": "Polygon", "coordinates": [[[0, 0], [1, 0], [0, 1], [0, 0]]]})
        make_asset(None, shape=triangle)
        assert found(meets("shape", Box(0.9, 0.9, 1.0, 1.0))) == []

    def test_holds_what_is_in_it_or_on_its_border_by_edges_that_are_straight_on_the_map(self):
        wide = shaped(0, 60, 40, 70)
        shaped(0, 70, 40, 80)
        for there in (Position(60.5, 20.0), Position(60.0, 0.0), Position(69.999999, 40.0)):
            assert found(holds("shape", there)) == [wide]
        assert found(holds("shape", Position(59.999999, 20.0))) == []

    def test_holds_nothing_in_its_holes(self):
        holed = Polygon.from_bbox((0, 0, 3, 3)).difference(Polygon.from_bbox((1, 1, 2, 2)))
        made = make_asset(None, shape=MultiPolygon(holed, srid=4326))
        assert found(holds("shape", Position(0.5, 1.5))) == [made]
        assert found(holds("shape", Position(1.5, 1.5))) == []

    def test_holds_across_the_date_line(self):
        eastwards, westwards = shaped(179, 0, 181, 1), shaped(-181, 0, -179, 1)
        shaped(-1, 0, 1, 1)
        for longitude in (179.5, -179.5, 180.0, -180.0):
            assert found(holds("shape", Position(0.5, longitude))) == [eastwards, westwards]

    def test_may_count_its_longitudes_past_180(self):
        across = shaped(179, 0, 181, 1)
        assert found(meets("shape", Box(-179.5, 0.2, -179.2, 0.4))) == [across]
        assert found(is_within_metres("shape", Position(0.5, -179.5), 10)) == [across]
        assert found(is_within_metres("shape", Position(0.5, -178.9), 12_000)) == [across]

    def test_is_within_metres_of_its_nearest_point(self):
        near = shaped(24.95, 60.0, 25.0, 60.1)
        # 0.01 degrees of longitude are 558 m here.
        assert found(is_within_metres("shape", Position(60.05, 24.94), 560)) == [near]
        assert found(is_within_metres("shape", Position(60.05, 24.94), 550)) == []


@pytest.mark.skipif(connection.vendor != "sqlite", reason="SpatiaLite's indexes are tables of their own.")
def test_spatialite_looks_into_its_index(db):
    condition = meets("position", Box(24, 60, 25, 61))
    assert "idx_assets_asset_position" in Asset.objects.filter(condition).explain()


@pytest.mark.parametrize("position", [Position(90, 0), Position(-90, 0), Position(89.99, 179.9), Position(0, -180)])
@pytest.mark.parametrize("metres", [0.0, 1.0, 1e5, 1e7, 2.01e7])
def test_a_box_around_any_place_is_a_box(position, metres):
    box = Box.around(position, metres)
    assert box.west < box.east
    assert -90 <= box.south < box.north <= 90
