"""GraphQL documents that frontends ship with, known by their hash."""

from django.core.validators import RegexValidator
from django.db import models

SHA256 = RegexValidator(r"\A[0-9a-f]{64}\Z", "Must be a SHA-256 hash in 64 small hex digits.")


class Document(models.Model):
    """What a frontend asks, registered before it asks: then its hash is enough, and others can be refused."""

    sha256 = models.CharField(max_length=64, unique=True, editable=False, validators=[SHA256])
    name = models.CharField(max_length=255, help_text="The name of the file that it came in.")
    text = models.TextField(editable=False, help_text="The document itself.")
    registered_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.name} ({self.sha256[:8]})"
