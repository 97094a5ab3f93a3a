"""`manage.py prepare`: brings database and media folder in order, and the demo's projects into them, in one process."""

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

    help = "Migrate the database and sweep the media folder; with --demo also load the demo's projects."

    def add_arguments(self, parser: CommandParser) -> None:
        """One switch."""
        parser.add_argument("--demo", action="store_true", help="also load the demo's projects")

    def handle(self, *args: Any, **options: Any) -> None:
        """Migrate, sweep, then load."""
        for directory in (settings.DATA_DIR, settings.MEDIA_ROOT):
            directory.mkdir(parents=True, exist_ok=True)
        # Nothing runs yet that could hear of what changes here.
        settings.BUS_URL = "local:"
        call_command("migrate", verbosity=0, interactive=False)
        call_command("sweep_media", stdout=self.stdout)
        if options["demo"]:
            call_command("load_demo", stdout=self.stdout)
            self._decode_ahead()

    def _decode_ahead(self) -> None:
        projects = [ProjectId(key) for key in Project.objects.values_list("id", flat=True)]
        for key in decode_ahead(projects, patience_seconds=DECODE_SECONDS):
            self.stderr.write(f"This sound cannot be played: {key}")
