"""Session 1 is reserved: it owns what staff upload in the admin."""

from django.core.management.color import no_style
from django.db import migrations


def add_staff_session(apps, schema_editor):
    session = apps.get_model("visits", "Session")
    session.objects.get_or_create(
        id=1, defaults={"language_id": 1, "client_type": "admin", "geo_listen_enabled": False}
    )
    # An id given by hand does not move the sequence of PostgreSQL: the next row would collide with it.
    for statement in schema_editor.connection.ops.sequence_reset_sql(no_style(), [session]):
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("visits", "0001_initial"), ("projects", "0002_english")]

    operations = [migrations.RunPython(add_staff_session, migrations.RunPython.noop)]
