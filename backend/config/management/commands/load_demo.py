"""`manage.py load_demo`: the demo's two projects and its staff account."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from backend.config import demo
from backend.config.environment import environment


class Command(BaseCommand):
    """Safe to run at every start: what is there already is left alone."""

    help = "Make the demo's projects, copy their sounds, and set the password of the account `curator`."

    def handle(self, *args: Any, **options: Any) -> None:
        """Load, and say where to go."""
        for project in demo.load():
            self.stdout.write(f"{project.name}: {settings.PUBLIC_URL}/listen/{project.pk}")
        chosen = environment().earshot_demo_password
        generated = demo.set_password(chosen.get_secret_value() if chosen else None)
        shown = f"password {generated}" if generated else "password as in EARSHOT_DEMO_PASSWORD"
        self.stdout.write(f"Staff account: {demo.CURATOR}, {shown}")
