"""`manage.py prepare`: brings the database up to date, and the demo's projects into it, in one process."""

from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandParser


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
