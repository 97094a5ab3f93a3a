"""`manage.py run_engine`: mixes and serves the audio of all sessions."""

from typing import Any

from django.core.management.base import BaseCommand

from audio_engine.worker import run
from backend.config.environment import environment


class Command(BaseCommand):
    """Runs until SIGTERM or Ctrl-C."""

    # They import all doors, which the engine has none of: a second and a half of silence after a crash.
    requires_system_checks = ()
    help = "Mix every listener's stream and serve it on the audio port."

    def handle(self, *args: Any, **options: Any) -> None:
        """Serve."""
        settings = environment()
        run(host=settings.audio_host, port=settings.audio_port)
