from django.db import migrations, models

import backend.projects.models


class Migration(migrations.Migration):
    dependencies = [
        ("projects", "0006_addresses"),
    ]

    operations = [
        migrations.AlterField(
            model_name="project",
            name="audio_format",
            field=models.CharField(
                blank=True,
                default="mp3",
                help_text="Of new streams: mp3, or opus (ogg means the same).",
                max_length=50,
                validators=[backend.projects.models.check_format],
            ),
        ),
    ]
