"""`manage.py sweep_media`: clears away what crashes have left of uploads."""

from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from backend.assets.sweeping import LEAST_AGE, sweep


class Command(BaseCommand):
    """Safe at any time; run it from a timer where the server runs for long."""

    help = "Remove abandoned uploads and media files that no row names; say how many."

    def add_arguments(self, parser: CommandParser) -> None:
        """How old."""
        parser.add_argument(
            "--older-than",
            type=float,
            default=LEAST_AGE.total_seconds(),
            metavar="SECONDS",
            help="leave alone what is younger (default: %(default)g)",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Sweep; silent when there was nothing."""
        swept = sweep(timedelta(seconds=options["older_than"]))
        for number, what in (
            (swept.directories, "abandoned directories of uploads removed"),
            (swept.files, "files removed that no row names"),
            (swept.interrupted, "interrupted uploads marked as failed"),
            (swept.forgotten, "old failures forgotten"),
        ):
            if number:
                self.stdout.write(f"{what}: {number}")
