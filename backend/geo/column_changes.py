"""Changes of geometry columns, for migrations."""

from typing import Any

from django.db.migrations import AlterField


class BecomesGeometry(AlterField):
    """A geography column becomes a geometry column: on PostGIS, for SpatiaLite's columns are geometries already."""

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        """Called by Django."""
        if schema_editor.connection.vendor == "postgresql":
            super().database_forwards(app_label, schema_editor, from_state, to_state)

    def database_backwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        """Called by Django."""
        self.database_forwards(app_label, schema_editor, from_state, to_state)
