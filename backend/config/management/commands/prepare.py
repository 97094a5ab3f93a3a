"""`manage.py prepare`: brings the database up to date, and the demo's projects into it, in one process."""

from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandParser

from audio_engine.preparation import decode_ahead
from backend.ids import ProjectId
from backend.projects.models import Project

DECODE_SECONDS = 120.0


class Command(BaseCommand):
    """Safe to run at every start."""

    help = "Migrate the database; with --demo also load the demo's projects."

    def add_arguments(self, parser: CommandParser) -> None:
        """One switch."""
        parser.add_argument("--demo", action="store_true", help="also load the demo's projects")

    def handle(self, *args: Any, **options: Any) -> None:
        """Migrate, then load."""
        for directory in (settings.DATA_DIR, settings.MEDIA_ROOT):
            directory.mkdir(parents=True, exist_ok=True)
        call_command("migrate", verbosity=0, interactive=False)
        if options["demo"]:
            # Nothing runs yet that could hear of these changes.
            settings.BUS_URL = "local:"
            call_command("load_demo", stdout=self.stdout)
            self._decode_ahead()

    def _decode_ahead(self) -> None:
        projects = [ProjectId(key) for key in Project.objects.values_list("id", flat=True)]
        for key in decode_ahead(projects, patience_seconds=DECODE_SECONDS):
            self.stderr.write(f"This sound cannot be played: {key}")
