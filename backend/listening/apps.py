"""Tells Django about this room."""

from importlib import import_module

from django.apps import AppConfig


class ListeningConfig(AppConfig):
    """The room `listening`."""

    name = "backend.listening"
    label = "listening"

    def ready(self) -> None:
        """Models are there from here on, and not before."""
        import_module("backend.listening.soundscape_changes").connect()
        import_module("backend.listening.own_recordings").connect()
        import_module("backend.listening.visit_languages").connect()
