"""`manage.py run_gateway`: GraphQL, REST, websockets, admin and pages, on Daphne."""

import importlib
from typing import Any

from django.core.management.base import BaseCommand

from backend.config.environment import environment
from backend.database import threads
from realtime import sockets


class Command(BaseCommand):
    """Runs until SIGTERM or Ctrl-C."""

    help = "Serve everything but the audio."

    def handle(self, *args: Any, **options: Any) -> None:
        """Serve. The server is imported here because Daphne installs Twisted's reactor when it is."""
        gateway = importlib.import_module("backend.config.gateway")
        asgi = importlib.import_module("backend.config.asgi")
        settings = environment()
        threads.connect()
        gateway.GatewayServer(
            asgi.gateway(),
            host=settings.gateway_host,
            port=settings.gateway_port,
            max_body_bytes=settings.max_upload_bytes,
            max_anonymous_body_bytes=settings.max_body_bytes,
            before_stop=sockets.drain,
        ).run()
