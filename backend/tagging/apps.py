"""Tells Django about this room."""

from django.apps import AppConfig


class TaggingConfig(AppConfig):
    """The room `tagging`."""

    name = "backend.tagging"
    label = "tagging"
