"""Tells Django about this room."""

from django.apps import AppConfig


class AssetsConfig(AppConfig):
    """The room `assets`."""

    name = "backend.assets"
    label = "assets"
