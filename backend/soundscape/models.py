"""What may sound where: speakers as zones on the map, and the tracks that recordings play on."""

from collections.abc import Collection, Iterable
from typing import Any

from django.contrib.gis.db import models as gis
from django.contrib.gis.geos import MultiLineString
from django.db import models

from backend.geo.buffering import inward_buffer, outline
from backend.projects.models import Project
from backend.resources.addresses import check_source
from backend.resources.ranges import Ordered, Within
from backend.tagging.models import Tag


class Speaker(models.Model):
    """A zone with a sound that loops in it, louder towards its inside."""

    project = models.ForeignKey(Project, models.CASCADE, related_name="speakers")
    is_active = models.BooleanField(default=False)
    code = models.CharField(max_length=10)
    min_volume = models.FloatField(default=0.0, help_text="Linear: at the boundary and outside.")
    max_volume = models.FloatField(default=1.0, help_text="Linear: from the attenuation border inwards.")
    uri = models.CharField(max_length=512, blank=True, validators=[check_source])
    backup_uri = models.CharField(max_length=512, blank=True, validators=[check_source])
    shape = gis.MultiPolygonField(srid=4326, null=True, blank=True)
    attenuation_metres = models.FloatField(default=0.0, help_text="From the boundary inwards to the full volume.")
    boundary = gis.MultiLineStringField(srid=4326, null=True, editable=False)
    attenuation_border = gis.MultiLineStringField(srid=4326, null=True, editable=False)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["id"]
        constraints = [
            Within("min_volume", 0),
            Ordered("min_volume", "max_volume"),
            Within("attenuation_metres", 0),
        ]
        indexes = [
            models.Index(fields=["project", "is_active"], name="speaker_project_active"),
            models.Index(fields=["code"], name="speaker_code"),
        ]

    def __str__(self) -> str:
        return self.code

    def save(self, *args: Any, update_fields: Iterable[str] | None = None, **kwargs: Any) -> None:
        """Saves it with its boundary and attenuation border, which follow from the shape and the distance."""
        if update_fields is None or {"shape", "attenuation_metres"} & set(update_fields):
            self._draw_borders()
            update_fields = update_fields and {*update_fields, "boundary", "attenuation_border"}
        super().save(*args, update_fields=update_fields, **kwargs)

    @classmethod
    def from_db(cls, db: str | None, field_names: Collection[str], values: Collection[Any], **kwargs: Any) -> "Speaker":
        """The row as stored; SpatiaLite stores an empty line as null, which is a border that vanished."""
        speaker = super().from_db(db, field_names, values, **kwargs)
        loaded = speaker.__dict__
        if loaded.get("shape") is not None and loaded.get("attenuation_border", ...) is None:
            speaker.attenuation_border = MultiLineString(srid=4326)
        return speaker

    def _draw_borders(self) -> None:
        if self.shape is None:
            self.boundary = self.attenuation_border = None
            return
        self.boundary = outline(self.shape)
        self.attenuation_border = inward_buffer(self.shape, self.attenuation_metres)


class TimedAssetPriority(models.TextChoices):
    """When a track plays timed assets, against those that are near."""

    HIGHEST = "highest"
    NORMAL = "normal"
    LOWEST = "lowest"
    DISCARD = "discard"


# The ranges that an audiotrack draws from, and the bounds of each.
TRACK_RANGES: dict[tuple[str, str], tuple[float, float | None]] = {
    ("min_volume", "max_volume"): (0, None),
    ("min_duration_seconds", "max_duration_seconds"): (0, None),
    ("min_dead_air_seconds", "max_dead_air_seconds"): (0, None),
    ("min_fade_in_seconds", "max_fade_in_seconds"): (0, None),
    ("min_fade_out_seconds", "max_fade_out_seconds"): (0, None),
    ("min_pan_seconds", "max_pan_seconds"): (0, None),
    ("min_pan_position", "max_pan_position"): (-1, 1),
}


class Audiotrack(models.Model):
    """A voice that plays one recording after another; every `min`/`max` pair is drawn from anew for each."""

    project = models.ForeignKey(Project, models.CASCADE, related_name="audiotracks")
    is_active = models.BooleanField(default=True)
    min_volume = models.FloatField(default=1.0)
    max_volume = models.FloatField(default=1.0)
    min_duration_seconds = models.FloatField(default=10.0)
    max_duration_seconds = models.FloatField(default=30.0)
    min_dead_air_seconds = models.FloatField(default=1.0)
    max_dead_air_seconds = models.FloatField(default=3.0)
    min_fade_in_seconds = models.FloatField(default=0.1)
    max_fade_in_seconds = models.FloatField(default=0.5)
    min_fade_out_seconds = models.FloatField(default=0.1)
    max_fade_out_seconds = models.FloatField(default=2.0)
    min_pan_seconds = models.FloatField(default=5.0)
    max_pan_seconds = models.FloatField(default=10.0)
    min_pan_position = models.FloatField(default=0.0)
    max_pan_position = models.FloatField(default=0.0)
    repeat_recordings = models.BooleanField(default=False)
    tag_filters = models.ManyToManyField(Tag, related_name="audiotracks", blank=True)
    start_with_silence = models.BooleanField(default=False)
    banned_seconds = models.PositiveIntegerField(
        default=0, help_text="How long an asset is not repeated; 0: as the server does (ASSET_BAN_SECONDS)."
    )
    fade_out_when_filtered = models.BooleanField(default=False)
    timed_asset_priority = models.CharField(
        max_length=10, choices=TimedAssetPriority.choices, default=TimedAssetPriority.NORMAL
    )

    class Meta:
        ordering = ["id"]
        constraints = [
            constraint
            for (least, most), (low, high) in TRACK_RANGES.items()
            for constraint in (Within(least, low, high), Within(most, low, high), Ordered(least, most))
        ]
        indexes = [
            models.Index(fields=["project", "is_active"], name="audiotrack_project_active"),
            models.Index(fields=["timed_asset_priority"], name="audiotrack_priority"),
            models.Index(fields=["min_duration_seconds"], name="audiotrack_min_duration"),
            models.Index(fields=["max_duration_seconds"], name="audiotrack_max_duration"),
            models.Index(fields=["min_dead_air_seconds"], name="audiotrack_min_dead_air"),
            models.Index(fields=["max_dead_air_seconds"], name="audiotrack_max_dead_air"),
        ]

    def __str__(self) -> str:
        return f"track {self.pk} of {self.project}"
