"""`manage.py supervise`: gateway and engine on this machine, with a local bus between them."""

import asyncio
import socket
import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from backend.config.environment import environment
from backend.config.supervisor import Child, manage_command, supervise

PROBE_SECONDS = 0.1


class Command(BaseCommand):
    """Runs until Ctrl-C."""

    help = "Run the gateway and the engine, restart either when it ends, stop both on Ctrl-C."

    def handle(self, *args: Any, **options: Any) -> None:
        """Keep both running."""
        settings = environment()
        settings.data_dir.mkdir(parents=True, exist_ok=True)
        for host, port in self._ports():
            _refuse_taken(host, port)
        children = [Child(name, manage_command(f"run_{name}")) for name in ("gateway", "engine")]
        asyncio.run(supervise(children, bus_socket=settings.bus_socket, announce=self._announce))

    def _ports(self) -> list[tuple[str, int]]:
        settings = environment()
        return [(settings.gateway_host, settings.gateway_port), (settings.audio_host, settings.audio_port)]

    async def _announce(self) -> None:
        started = time.monotonic()
        for host, port in self._ports():
            await _answering(host, port)
        seconds = time.monotonic() - started
        self.stdout.write(f"Earshot is ready after {seconds:.1f} s: {environment().public_url}/  (Ctrl-C stops it)")
        self.stdout.flush()


def _refuse_taken(host: str, port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise CommandError(
                f"Port {port} on {host} cannot be used ({error.strerror}). Choose another with --port or --audio-port."
            ) from error


async def _answering(host: str, port: int) -> None:
    while True:
        try:
            _, writer = await asyncio.open_connection(host, port)
        except OSError:
            await asyncio.sleep(PROBE_SECONDS)
            continue
        writer.close()
        return
