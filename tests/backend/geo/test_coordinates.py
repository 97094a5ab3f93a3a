"""Coordinates are read as GEOS itself gives them."""

import pytest
from django.contrib.gis.geos import GEOSGeometry

from backend.geo.coordinates import coordinates

SHAPES = [
    "POINT (24.94 60.17)",
    "LINESTRING (0.1 0.2, 1 2, -180 90)",
    "POLYGON ((0 0, 9 0, 9 9, 0 9, 0 0), (1 1, 2 1, 2 2, 1 1))",
    "MULTIPOINT (1 2, 3 4)",
    "MULTILINESTRING ((0 0, 1 1), (2 2, 3 3, 4 4))",
    "MULTIPOLYGON (((0 0, 9 0, 9 9, 0 0)), ((20 0, 29 0, 29 9, 20 0), (22 1, 23 1, 23 1.5, 22 1)))",
    "GEOMETRYCOLLECTION (POINT (1 2), LINESTRING (0 0, 1 1))",
    "MULTIPOLYGON EMPTY",
    "MULTILINESTRING EMPTY",
]


@pytest.mark.parametrize("text", SHAPES)
def test_the_coordinates_are_those_that_the_geometry_has(text):
    geometry = GEOSGeometry(text, srid=4326)
    assert coordinates(geometry) == geometry.coords
