"""`python -m backend.config.supervise`: gateway and engine on this machine, with a local bus between them.

Not a management command: it needs no Django, and starts in a tenth of its time and memory.
"""

import asyncio
import logging
import os
import socket
import sys
import time
from pathlib import Path

from backend.config.environment import ROOT, environment
from backend.config.supervisor import Child, supervise

PROBE_SECONDS = 0.1
ROLES = ("gateway", "engine")


def main() -> int:
    """Run until Ctrl-C; the exit code is 1 when a port is taken."""
    settings = environment()
    logging.basicConfig(level=settings.log_level, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    for host, port in _addresses():
        if problem := _problem(host, port):
            print(f"Port {port} on {host} cannot be used ({problem}).", file=sys.stderr)
            print("Choose another with --port or --audio-port.", file=sys.stderr)
            return 1
    keep_bytecode(settings.data_dir)
    children = [Child(role, [sys.executable, str(ROOT / "manage.py"), f"run_{role}"]) for role in ROLES]
    asyncio.run(supervise(children, bus_socket=settings.bus_socket, announce=_announce))
    return 0


def keep_bytecode(data_dir: Path) -> None:
    """Where Python may not write beside its sources, the children keep compiled modules among the data.

    Else they compile two thousand files at each start: that is more than half of the time that it takes.
    """
    if os.environ.pop("PYTHONDONTWRITEBYTECODE", ""):
        os.environ.setdefault("PYTHONPYCACHEPREFIX", str(data_dir.resolve() / "bytecode"))


def _addresses() -> list[tuple[str, int]]:
    settings = environment()
    return [(settings.gateway_host, settings.gateway_port), (settings.audio_host, settings.audio_port)]


async def _announce() -> None:
    started = time.monotonic()
    for host, port in _addresses():
        await _answering(host, port)
    seconds = time.monotonic() - started
    print(f"Earshot is ready after {seconds:.1f} s: {environment().public_url}/  (Ctrl-C stops it)", flush=True)


def _problem(host: str, port: int) -> str | None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            return error.strerror
    return None


async def _answering(host: str, port: int) -> None:
    while True:
        try:
            _, writer = await asyncio.open_connection(host, port)
        except OSError:
            await asyncio.sleep(PROBE_SECONDS)
            continue
        writer.close()
        return


if __name__ == "__main__":
    sys.exit(main())
