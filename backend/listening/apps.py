"""Tells Django about this room."""

from django.apps import AppConfig


class ListeningConfig(AppConfig):
    """The room `listening`."""

    name = "backend.listening"
    label = "listening"
