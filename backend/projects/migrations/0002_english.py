"""Language 1 is English: the last resort of every text."""

from django.core.management.color import no_style
from django.db import migrations


def add_english(apps, schema_editor):
    language = apps.get_model("projects", "Language")
    language.objects.get_or_create(id=1, defaults={"code": "en", "name": "English"})
    # An id given by hand does not move the sequence of PostgreSQL: the next row would collide with it.
    for statement in schema_editor.connection.ops.sequence_reset_sql(no_style(), [language]):
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("projects", "0001_initial")]

    operations = [migrations.RunPython(add_english, migrations.RunPython.noop)]
