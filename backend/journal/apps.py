"""Tells Django about this room."""

from django.apps import AppConfig


class JournalConfig(AppConfig):
    """The room `journal`."""

    name = "backend.journal"
    label = "journal"
