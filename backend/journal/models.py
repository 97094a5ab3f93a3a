"""The log of each project's events: how far it has come, and what it still holds.

The keys are not the database's: a project that is deleted still tells of what goes with it, and its log ends by age.
"""

import secrets

from django.db import models

from backend.projects.models import Project


def new_epoch() -> str:
    """32 random bits as eight hexadecimal digits."""
    return secrets.token_hex(4)


class Head(models.Model):
    """How far a project's log has come; who writes into it holds this row until their transaction ends."""

    project = models.OneToOneField(
        Project, models.DO_NOTHING, primary_key=True, db_constraint=False, related_name="+", editable=False
    )
    epoch = models.CharField(max_length=8, default=new_epoch, editable=False)
    sequence = models.BigIntegerField(default=0, editable=False, help_text="The number of its last event.")

    class Meta:
        ordering = ["project"]

    def __str__(self) -> str:
        return f"{self.epoch}.{self.sequence}"


class Entry(models.Model):
    """One event as it went over the bus, with its number in its project."""

    project = models.ForeignKey(
        Project, models.DO_NOTHING, db_constraint=False, db_index=False, related_name="+", editable=False
    )
    sequence = models.BigIntegerField(editable=False, help_text="From 1, without holes, in the order of commits.")
    kind = models.CharField(max_length=32, editable=False)
    body = models.TextField(editable=False, help_text="The event's fields as JSON.")
    stream_id = models.CharField(max_length=36, null=True, editable=False)
    recorded_at = models.DateTimeField(editable=False)

    class Meta:
        ordering = ["id"]
        verbose_name_plural = "entries"
        constraints = [models.UniqueConstraint(fields=["project", "sequence"], name="entry_once_a_number")]
        indexes = [
            models.Index(fields=["stream_id", "sequence"], name="entry_stream_sequence"),
            models.Index(fields=["recorded_at"], name="entry_recorded_at"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.sequence} of project {self.project_id}"
