"""Who is here: one visit of one person to one project, and what was noted during it."""

from typing import Any

from django.conf import settings
from django.contrib.gis.db import models as gis
from django.contrib.gis.geos import Point
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone

from backend.errors import InvalidInput
from backend.geo.position import Position
from backend.projects.models import Language, Project
from backend.resources.ranges import Ordered

# Owns what staff upload in the admin. The only one without a project.
STAFF_SESSION_ID = 1

check_timezone = RegexValidator(r"^[+-]?[0-9]{4}\Z", "Timezone must be in RFC822 GMT format (e.g. '-0800')")


class Session(models.Model):
    """One visit of one user to one project; session 1 is reserved for what staff upload."""

    project = models.ForeignKey(Project, models.CASCADE, null=True, blank=True, related_name="sessions")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="visits")
    language = models.ForeignKey(Language, models.SET_NULL, null=True, blank=True, related_name="+")
    started_at = models.DateTimeField(default=timezone.now, db_index=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    device_id = models.CharField(max_length=255, null=True, blank=True, db_index=True)
    client_type = models.CharField(max_length=255, null=True, blank=True)
    client_system = models.CharField(max_length=128, null=True, blank=True)
    timezone = models.CharField(max_length=5, default="0000", validators=[check_timezone])
    geo_listen_enabled = models.BooleanField(default=True)
    demo_stream_enabled = models.BooleanField(default=False)

    class Meta:
        ordering = ["id"]
        constraints = [
            Ordered("started_at", "ended_at"),
            models.CheckConstraint(
                condition=Q(project__isnull=False) | Q(id=STAFF_SESSION_ID),
                name="session_has_a_project_unless_for_staff",
                violation_error_message="A session belongs to a project.",
            ),
        ]

    def __str__(self) -> str:
        return f"session {self.pk}"


class Event(models.Model):
    """Something noted during a visit, by the client or by us. What clients sent is kept as they sent it."""

    session = models.ForeignKey(Session, models.CASCADE, related_name="events")
    event_type = models.CharField(max_length=50)
    logged_at = models.DateTimeField(default=timezone.now, db_index=True)
    client_time = models.CharField(max_length=50, null=True, blank=True)
    latitude = models.CharField(max_length=50, null=True, blank=True)
    longitude = models.CharField(max_length=50, null=True, blank=True)
    position = gis.PointField(
        srid=4326, null=True, editable=False, help_text="Where that is, when it is a place on earth."
    )
    tag_ids = models.TextField(null=True, blank=True)
    data = models.TextField(null=True, blank=True)

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["event_type", "logged_at"], name="event_type_and_time")]

    def __str__(self) -> str:
        return f"{self.event_type} in {self.session}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Saves it with its point, where what the client wrote is a place on earth."""
        self.position = _place(self.latitude, self.longitude)
        super().save(*args, **kwargs)


def _place(latitude: str | None, longitude: str | None) -> Point | None:
    try:
        position = Position.checked(latitude, longitude)
    except InvalidInput:
        return None
    return Point(position.longitude, position.latitude, srid=4326)
