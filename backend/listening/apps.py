"""Tells Django about this room."""

from importlib import import_module

from django.apps import AppConfig


class ListeningConfig(AppConfig):
    """The room `listening`."""

    name = "backend.listening"
    label = "listening"

    def ready(self) -> None:
        """Models are there from here on, and not before."""
        for room in ("soundscape_changes", "own_recordings", "visit_languages", "blocks", "farewells"):
            import_module(f"backend.listening.{room}").connect()
