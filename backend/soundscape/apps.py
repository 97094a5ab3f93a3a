"""Tells Django about this room."""

from django.apps import AppConfig


class SoundscapeConfig(AppConfig):
    """The room `soundscape`."""

    name = "backend.soundscape"
    label = "soundscape"
