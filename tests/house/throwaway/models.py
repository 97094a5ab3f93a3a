"""Lamps."""

from django.contrib.gis.db import models as gis
from django.db import models

from backend.projects.models import Project
from backend.resources.ranges import Within
from backend.tagging.models import Tag


class Lamp(models.Model):
    """A light above a path."""

    project = models.ForeignKey(Project, models.CASCADE, related_name="+")
    name = models.CharField(max_length=20, db_index=True, help_text="What is written on it.")
    height_metres = models.FloatField(default=3.0, db_index=True, help_text="How high it hangs.")
    lit_at = models.DateTimeField(null=True, blank=True, help_text="When it was last lit; null: never.")
    note = models.TextField(blank=True, help_text="What its keeper should know.")
    cone = gis.MultiPolygonField(srid=4326, null=True, blank=True, help_text="What it lights.")
    tags = models.ManyToManyField(Tag, related_name="+", blank=True, help_text="What it stands for.")
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["id"]
        constraints = [Within("height_metres", 0, 10)]

    def __str__(self) -> str:
        return self.name
