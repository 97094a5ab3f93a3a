"""Spatial indexes that a migration lost are made anew, with all rows."""

import pytest
from django.db import connection

from backend.assets.models import Asset
from backend.geo import spatial_indexes
from backend.geo.regions import Box, meets
from tests.cast import make_asset


@pytest.mark.skipif(connection.vendor != "sqlite", reason="SpatiaLite's indexes are tables of their own.")
def test_rows_that_came_while_the_index_slept_are_found_again(db):
    first = make_asset(None, latitude=60.5, longitude=24.5)
    here = meets("position", Box(24, 60, 25, 61))
    with connection.cursor() as cursor:
        cursor.execute("SELECT DisableSpatialIndex('assets_asset', 'position')")
    second = make_asset(None, latitude=60.5, longitude=24.5)
    assert list(Asset.objects.filter(here)) == [first]
    spatial_indexes.restore([Asset], "default")
    assert list(Asset.objects.filter(here)) == [first, second]


def test_the_indexes_are_kept_after_all_migrations(db):
    made = make_asset(None, latitude=60.5, longitude=24.5)
    made.longitude = 30.0
    made.save()
    assert list(Asset.objects.filter(meets("position", Box(24, 60, 25, 61)))) == []
    assert list(Asset.objects.filter(meets("position", Box(29, 60, 31, 61)))) == [made]
