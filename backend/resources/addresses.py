"""Addresses that rows hold: what may be one, and what it is for the world."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator

_check_url = URLValidator(["http", "https"])


def check_source(uri: str) -> None:
    """A sound is an http(s) address, or the path of a file of this server."""
    # With its host, too, as it is handed out: that may be a name without a dot.
    if uri.startswith((settings.MEDIA_URL, absolute(settings.MEDIA_URL))):
        return
    try:
        _check_url(uri)
    except ValidationError:
        raise ValidationError(f"Must be an http(s) address or a path under {settings.MEDIA_URL}.") from None


def absolute(address: str) -> str:
    """An address of this server with its host; any other as it is."""
    return f"{settings.PUBLIC_URL}{address}" if address.startswith("/") else address
