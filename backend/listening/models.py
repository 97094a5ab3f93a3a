"""What sounds now, and what was heard."""

import secrets
import uuid

from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone

from backend.assets.models import Asset
from backend.projects.models import Bitrate
from backend.resources.ranges import Ordered, Within, on_earth
from backend.soundscape.models import Audiotrack
from backend.visits.models import Session


class StreamState(models.TextChoices):
    """What a stream does."""

    PLAYING = "playing"
    PAUSED = "paused"
    OUT_OF_RANGE = "out_of_range"
    IDLE = "idle"
    CLOSED = "closed"


# In these a stream may have listeners; an idle one has none, and comes back by any request.
OPEN_STATES = (StreamState.PLAYING, StreamState.PAUSED, StreamState.OUT_OF_RANGE)


class StreamFormat(models.TextChoices):
    """How a stream is encoded."""

    MP3 = "mp3"
    OPUS = "opus"

    @property
    def suffix(self) -> str:
        """How its audio address ends: players go by it."""
        return "ogg" if self is StreamFormat.OPUS else "mp3"


def new_key() -> str:
    """128 random bits, fit for a URL."""
    return secrets.token_urlsafe(16)


def new_seed() -> int:
    """What all draws of a stream follow from; fits a signed 64-bit column."""
    return secrets.randbits(63)


class Stream(models.Model):
    """One listener's own endless sound; a session has at most one."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    session = models.OneToOneField(Session, models.CASCADE, related_name="stream")
    key = models.CharField(max_length=64, unique=True, default=new_key, editable=False)
    state = models.CharField(max_length=16, choices=StreamState.choices, default=StreamState.PLAYING, db_index=True)
    is_paused = models.BooleanField(default=False, help_text="As the listener wants it, in whatever state it is.")
    format = models.CharField(max_length=8, choices=StreamFormat.choices, default=StreamFormat.MP3)
    bitrate = models.PositiveSmallIntegerField(choices=Bitrate.choices, default=Bitrate.KBPS_128)
    latitude = models.FloatField(null=True, blank=True)
    longitude = models.FloatField(null=True, blank=True)
    positioned_at = models.DateTimeField(null=True, blank=True, help_text="When the position was last stored.")
    heading = models.FloatField(null=True, blank=True, help_text="Degrees, clockwise from north.")
    width = models.FloatField(null=True, blank=True, help_text="Degrees, the whole beam.")
    range_min = models.FloatField(null=True, blank=True, help_text="Metres.")
    range_max = models.FloatField(null=True, blank=True, help_text="Metres.")
    tag_ids = models.JSONField(default=list, blank=True, help_text="Chosen tags; none: the project's default.")
    seed = models.BigIntegerField(default=new_seed)
    opened_at = models.DateTimeField(default=timezone.now)
    last_seen_at = models.DateTimeField(default=timezone.now)
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["opened_at", "id"]
        indexes = [models.Index(fields=["opened_at"], name="stream_opened_at")]
        constraints = [
            *on_earth(),
            Within("width", 0, 360),
            Within("range_min", 0),
            Ordered("range_min", "range_max"),
        ]

    def __str__(self) -> str:
        return f"stream of {self.session}"


class ListenEvent(models.Model):
    """One playing of one asset to one listener; its duration is known when it has ended."""

    play_id = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    session = models.ForeignKey(Session, models.CASCADE, related_name="listen_events")
    asset = models.ForeignKey(Asset, models.CASCADE, related_name="listen_events")
    audiotrack = models.ForeignKey(Audiotrack, models.SET_NULL, null=True, blank=True, related_name="+")
    started_at = models.DateTimeField(default=timezone.now, db_index=True)
    duration_seconds = models.FloatField(null=True, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [Within("duration_seconds", 0)]
        indexes = [
            models.Index(fields=["session", "started_at"], name="listenevent_session_time"),
            models.Index(fields=["duration_seconds"], name="listenevent_duration"),
        ]

    def __str__(self) -> str:
        return f"{self.asset} in {self.session}"

    def clean(self) -> None:
        """Raises ValidationError: what is heard during a visit is of its project."""
        if None in (self.asset_id, self.session_id):
            return
        if self.asset.project_id != self.session.project_id:
            raise ValidationError({"asset": "It belongs to another project."})
