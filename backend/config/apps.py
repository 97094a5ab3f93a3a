"""Tells Django about the composition root: it holds the commands that start the processes."""

from django.apps import AppConfig


class EarshotConfig(AppConfig):
    """The room `config`."""

    name = "backend.config"
    label = "earshot"
