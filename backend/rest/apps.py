"""Tells Django about this room."""

from django.apps import AppConfig


class RestConfig(AppConfig):
    """The room `rest`."""

    name = "backend.rest"
    label = "rest"
