"""The contract between gateway, realtime and engine, and this process's own end of it."""

from functools import cache
from pathlib import Path

from django.conf import settings

from backend.bus.codec import Message
from backend.bus.redis_bus import RedisBus
from backend.bus.transport import Bus, LocalBus
from backend.bus.unix_socket import UnixSocketBus


@cache
def current() -> Bus:
    """The bus that `settings.BUS_URL` names: redis://…, unix:/path or local: (within this process)."""
    url: str = settings.BUS_URL
    if url.startswith("unix:"):
        return UnixSocketBus(Path(url.removeprefix("unix:")))
    if url == "local:":
        return LocalBus()
    return RedisBus(url)


def publish(message: Message) -> None:
    """Send over this process's bus. Never raises; call it on commit."""
    current().publish(message)
