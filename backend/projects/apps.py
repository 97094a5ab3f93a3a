"""Tells Django about this room."""

from django.apps import AppConfig


class ProjectsConfig(AppConfig):
    """The room `projects`."""

    name = "backend.projects"
    label = "projects"
