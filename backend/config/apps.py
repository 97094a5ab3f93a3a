"""Tells Django about the composition root: it holds the commands that start the processes."""

from importlib import import_module
from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate

from backend.geo import spatial_indexes


class EarshotConfig(AppConfig):
    """The room `config`."""

    name = "backend.config"
    label = "earshot"

    def ready(self) -> None:
        """The catalogue brings its boot checks; models are there from here on."""
        import_module("backend.catalogue")
        post_migrate.connect(_restore_spatial_indexes, dispatch_uid="spatial indexes")


def _restore_spatial_indexes(app_config: AppConfig, using: str, **_: Any) -> None:
    spatial_indexes.restore(app_config.get_models(), using)
