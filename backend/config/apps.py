"""Tells Django about the composition root: it holds the commands that start the processes."""

from importlib import import_module

from django.apps import AppConfig


class EarshotConfig(AppConfig):
    """The room `config`."""

    name = "backend.config"
    label = "earshot"

    def ready(self) -> None:
        """The catalogue brings its boot checks; models are there from here on."""
        import_module("backend.catalogue")
