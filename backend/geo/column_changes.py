"""Changes of geometry columns, for migrations."""

from typing import Any

from django.db.migrations import AlterField


class BecomesGeometry(AlterField):
    """A geography column becomes a geometry column: on PostGIS, for SpatiaLite's columns are geometries already."""

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        """Called by Django, for both directions."""
        if schema_editor.connection.vendor != "postgresql":
            return
        model = to_state.apps.get_model(app_label, self.model_name)
        column = model._meta.get_field(self.name)
        table, name = schema_editor.quote_name(model._meta.db_table), schema_editor.quote_name(column.column)
        kind = column.db_type(schema_editor.connection)
        # PostgreSQL casts neither to the other unasked, and Django does not ask.
        schema_editor.execute(f"ALTER TABLE {table} ALTER COLUMN {name} TYPE {kind} USING {name}::{kind}")
