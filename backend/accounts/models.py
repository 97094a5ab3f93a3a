"""People and their devices: users, what their device told of itself, their tokens."""

from django.contrib.auth.models import AbstractUser
from django.db import models


class User(AbstractUser):
    """Somebody who listens, contributes or edits; anonymous people have an account by their device."""

    class Meta(AbstractUser.Meta):
        indexes = [
            models.Index(fields=["first_name"], name="user_first_name"),
            models.Index(fields=["last_name"], name="user_last_name"),
            models.Index(fields=["email"], name="user_email"),
        ]


class DeviceProfile(models.Model):
    """What a user's device told of itself when it registered; it proves nothing, ids can be guessed."""

    user = models.OneToOneField(User, models.CASCADE, related_name="device_profile")
    device_id = models.CharField(max_length=255, blank=True, db_index=True)
    client_type = models.CharField(max_length=255, blank=True)

    def __str__(self) -> str:
        return f"{self.client_type or 'device'} of {self.user}"


class Token(models.Model):
    """A key to a user's account, valid until it is revoked. Only its hash is kept."""

    user = models.ForeignKey(User, models.CASCADE, related_name="tokens")
    digest = models.CharField(max_length=64, unique=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"token {self.pk} of {self.user}"

    @property
    def is_revoked(self) -> bool:
        """Whether it no longer opens the account."""
        return self.revoked_at is not None
