"""SpatiaLite's indexes of geometry columns, which Django loses whenever a migration makes a table anew."""

from collections.abc import Iterable
from typing import Any

from django.contrib.gis.db.models import GeometryField
from django.db import connections
from django.db.models import Model

IS_KEPT = "SELECT spatial_index_enabled FROM geometry_columns WHERE f_table_name = %s AND f_geometry_column = %s"


def restore(models: Iterable[type[Model]], using: str) -> None:
    """Makes the indexes anew that are no longer kept up to date; nothing on PostGIS.

    The table of such an index is still there, but nothing is written to it: rows would not be found.
    """
    if connections[using].vendor != "sqlite":
        return
    with connections[using].cursor() as cursor:
        for model in models:
            for column in model._meta.local_fields:
                if isinstance(column, GeometryField) and column.spatial_index:
                    _restore(cursor, model._meta.db_table, column.name)


def _restore(cursor: Any, table: str, column: str) -> None:
    cursor.execute(IS_KEPT, [table.lower(), column.lower()])
    if cursor.fetchone() == (0,):
        cursor.execute(f'DROP TABLE IF EXISTS "idx_{table}_{column}"')
        cursor.execute("SELECT CreateSpatialIndex(%s, %s)", [table, column])
