"""What people recorded, wrote and photographed, and what others thought of it."""

import uuid
from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.contrib.gis.db import models as gis
from django.contrib.gis.geos import Point
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone

from backend.projects.models import Language, LocalizedString, Project
from backend.resources.ranges import Ordered, Within, on_earth
from backend.tagging.models import Tag
from backend.visits.models import Session

DESCRIPTION_LENGTH = 8_192


class MediaType(models.TextChoices):
    """What an asset is."""

    AUDIO = "audio"
    VIDEO = "video"
    PHOTO = "photo"
    TEXT = "text"


class Asset(models.Model):
    """A recording, photo, text or video that somebody left at a place."""

    project = models.ForeignKey(Project, models.SET_NULL, null=True, blank=True, related_name="assets")
    session = models.ForeignKey(Session, models.SET_NULL, null=True, blank=True, related_name="assets")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="assets")
    language = models.ForeignKey(Language, models.SET_NULL, null=True, blank=True, related_name="+")
    media_type = models.CharField(max_length=16, choices=MediaType.choices, default=MediaType.AUDIO)
    submitted = models.BooleanField(default=True, db_index=True, help_text="Others may hear and see it.")
    latitude = models.FloatField(null=True, blank=True)
    longitude = models.FloatField(null=True, blank=True)
    position = gis.PointField(srid=4326, null=True, editable=False, help_text="Its place as a point.")
    shape = gis.MultiPolygonField(srid=4326, null=True, blank=True, help_text="Where it is heard, instead of a radius.")

    file = models.FileField(max_length=255, blank=True, help_text="As it was uploaded.")
    filename = models.CharField(max_length=256, blank=True, help_text="The playable file, in the media folder.")
    caption_file = models.FileField(max_length=255, blank=True)
    duration_seconds = models.FloatField(null=True, blank=True)
    start_seconds = models.FloatField(null=True, blank=True, help_text="Where its heard part begins.")
    end_seconds = models.FloatField(null=True, blank=True, help_text="Where its heard part ends.")
    volume = models.FloatField(default=1.0, help_text="Linear.")
    weight = models.PositiveSmallIntegerField(default=50, help_text="Heavier plays earlier, 0 to 99.")
    loudness_gain_db = models.FloatField(
        null=True, blank=True, editable=False, help_text="What ingest made it louder by, in decibels."
    )
    waveform = models.JSONField(
        null=True, blank=True, editable=False, help_text="Its peaks, in the form of audiowaveform."
    )

    tags = models.ManyToManyField(Tag, related_name="assets", blank=True)
    description = models.TextField(
        blank=True, max_length=DESCRIPTION_LENGTH, validators=[MaxLengthValidator(DESCRIPTION_LENGTH)]
    )
    description_texts = models.ManyToManyField(LocalizedString, related_name="+", blank=True)
    alt_texts = models.ManyToManyField(LocalizedString, related_name="+", blank=True)
    initial_envelope = models.ForeignKey("Envelope", models.SET_NULL, null=True, blank=True, related_name="+")
    moderated_at = models.DateTimeField(
        null=True, blank=True, editable=False, help_text="When an editor last decided whether others may hear it."
    )
    moderated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, editable=False, related_name="+"
    )
    moderation_reason = models.TextField(blank=True, max_length=1000, help_text="Why an editor decided so.")
    created_at = models.DateTimeField(default=timezone.now, db_index=True)
    updated_at = models.DateTimeField(auto_now=True, db_index=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["id"]
        constraints = [
            *on_earth(),
            Within("duration_seconds", 0),
            Within("start_seconds", 0),
            Ordered("start_seconds", "end_seconds"),
            Within("volume", 0),
            Within("weight", 0, 99),
            models.CheckConstraint(
                condition=Q(latitude__isnull=True, longitude__isnull=True)
                | Q(latitude__isnull=False, longitude__isnull=False),
                name="asset_latitude_with_longitude",
                violation_error_message="Latitude and longitude go together.",
            ),
        ]
        indexes = [
            models.Index(fields=["project", "submitted"], name="asset_project_submitted"),
            models.Index(fields=["project", "media_type"], name="asset_project_media_type"),
            models.Index(fields=["duration_seconds"], name="asset_duration"),
            models.Index(fields=["weight"], name="asset_weight"),
            models.Index(fields=["volume"], name="asset_volume"),
            # Whose file it is, for every request of the media folder.
            models.Index(fields=["filename"], name="asset_filename"),
            models.Index(fields=["file"], name="asset_file"),
            models.Index(fields=["caption_file"], name="asset_caption_file"),
        ]

    def __str__(self) -> str:
        return f"{self.media_type} {self.pk}"

    def save(self, *args: Any, update_fields: Iterable[str] | None = None, **kwargs: Any) -> None:
        """Saves it with its point in step with its latitude and longitude (which bulk writes would not do)."""
        if update_fields is None or {"latitude", "longitude"} & set(update_fields):
            placed = self.latitude is not None and self.longitude is not None
            self.position = Point(self.longitude, self.latitude, srid=4326) if placed else None
            update_fields = update_fields and {*update_fields, "position"}
        super().save(*args, update_fields=update_fields, **kwargs)


class Envelope(models.Model):
    """What one person hands in at one moment: assets that belong together."""

    session = models.ForeignKey(Session, models.CASCADE, related_name="envelopes")
    created_at = models.DateTimeField(default=timezone.now)
    assets = models.ManyToManyField(Asset, related_name="envelopes", blank=True)

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["created_at"], name="envelope_created_at")]

    def __str__(self) -> str:
        return f"envelope {self.pk}"


class UploadState(models.TextChoices):
    """How far an upload has come."""

    RECEIVED = "received"
    DECODING = "decoding"
    ENCODING = "encoding"
    STORED = "stored"
    FAILED = "failed"


class AssetUpload(models.Model):
    """One file on its way to becoming an asset; the client may name it, to ask how far it has come."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    session = models.ForeignKey(Session, models.CASCADE, related_name="uploads")
    envelope = models.ForeignKey(Envelope, models.CASCADE, related_name="uploads")
    asset = models.ForeignKey(Asset, models.SET_NULL, null=True, blank=True, related_name="uploads")
    state = models.CharField(max_length=16, choices=UploadState.choices, default=UploadState.RECEIVED)
    error_code = models.CharField(max_length=64, blank=True, help_text="Why it failed, as a stable code.")
    error_message = models.TextField(blank=True, help_text="Why it failed, as a sentence.")
    created_at = models.DateTimeField(default=timezone.now, db_index=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["created_at", "id"]
        indexes = [models.Index(fields=["state"], name="assetupload_state")]

    def __str__(self) -> str:
        return f"upload {self.pk}"


class VoteType(models.TextChoices):
    """What somebody thinks of an asset, or does not want to hear again."""

    LIKE = "like"
    FLAG = "flag"
    RATE = "rate"
    BLOCK_ASSET = "block_asset"
    BLOCK_USER = "block_user"


class Vote(models.Model):
    """What one visit says of one asset; one vote of each type."""

    session = models.ForeignKey(Session, models.CASCADE, related_name="votes")
    asset = models.ForeignKey(Asset, models.CASCADE, related_name="votes")
    voter = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="votes")
    vote_type = models.CharField(max_length=16, choices=VoteType.choices)
    value = models.IntegerField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["session", "asset", "vote_type"], name="vote_once_a_type_and_session")
        ]
        indexes = [
            models.Index(fields=["asset", "vote_type"], name="vote_asset_type"),
            models.Index(fields=["vote_type", "value"], name="vote_type_value"),
            models.Index(fields=["created_at"], name="vote_created_at"),
        ]

    def __str__(self) -> str:
        return f"{self.vote_type} for {self.asset}"


class TimedAsset(models.Model):
    """An asset that may play at a time of the stream, instead of at a place."""

    project = models.ForeignKey(Project, models.CASCADE, related_name="timed_assets")
    asset = models.ForeignKey(Asset, models.CASCADE, related_name="timings")
    start_seconds = models.FloatField(help_text="Since the stream started.")
    end_seconds = models.FloatField(help_text="Since the stream started.")

    class Meta:
        ordering = ["id"]
        constraints = [Within("start_seconds", 0), Ordered("start_seconds", "end_seconds")]
        indexes = [
            models.Index(fields=["start_seconds"], name="timedasset_start"),
            models.Index(fields=["end_seconds"], name="timedasset_end"),
        ]

    def __str__(self) -> str:
        return f"{self.asset} at {self.start_seconds} s"

    def clean(self) -> None:
        """Raises ValidationError: it plays in its own project alone."""
        if self.asset_id is not None and self.asset.project_id != self.project_id:
            raise ValidationError({"asset": "It belongs to another project."})
