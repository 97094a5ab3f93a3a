"""Tells Django about this room."""

from django.apps import AppConfig


class VisitsConfig(AppConfig):
    """The room `visits`."""

    name = "backend.visits"
    label = "visits"
