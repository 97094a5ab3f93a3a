from django.db import migrations, models


def remember_pauses(apps, schema_editor):
    """Until now the state alone told that a listener had paused."""
    apps.get_model("listening", "Stream").objects.filter(state="paused").update(is_paused=True)


class Migration(migrations.Migration):

    dependencies = [
        ("listening", "0002_sought_columns"),
    ]

    operations = [
        migrations.AddField(
            model_name="stream",
            name="is_paused",
            field=models.BooleanField(default=False, help_text="As the listener wants it, in whatever state it is."),
        ),
        migrations.AlterField(
            model_name="stream",
            name="state",
            field=models.CharField(
                choices=[
                    ("playing", "Playing"),
                    ("paused", "Paused"),
                    ("out_of_range", "Out Of Range"),
                    ("idle", "Idle"),
                    ("closed", "Closed"),
                ],
                db_index=True,
                default="playing",
                max_length=16,
            ),
        ),
        migrations.RunPython(remember_pauses, migrations.RunPython.noop),
    ]
