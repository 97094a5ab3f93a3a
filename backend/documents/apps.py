"""Tells Django about this room."""

from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    """The room `documents`."""

    name = "backend.documents"
    label = "documents"
