"""Tells Django about this room."""

from importlib import import_module

from django.apps import AppConfig


class AssetsConfig(AppConfig):
    """The room `assets`."""

    name = "backend.assets"
    label = "assets"

    def ready(self) -> None:
        """Models are there from here on, and not before."""
        for room in ("removal", "asset_changes"):
            import_module(f"backend.assets.{room}").connect()
