from django.db import migrations, models

import backend.resources.addresses


class Migration(migrations.Migration):
    dependencies = [
        ("projects", "0005_listener_precision"),
    ]

    operations = [
        migrations.AlterField(
            model_name="project",
            name="demo_stream_url",
            field=models.CharField(blank=True, max_length=512, validators=[backend.resources.addresses.check_source]),
        ),
        migrations.AlterField(
            model_name="project",
            name="out_of_range_url",
            field=models.CharField(blank=True, max_length=512, validators=[backend.resources.addresses.check_source]),
        ),
    ]
