"""The contract between gateway, realtime and engine, and this process's own end of it."""

import atexit
from functools import cache
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.module_loading import import_string

from backend.bus.codec import Message
from backend.bus.cursor import Stamp
from backend.bus.transport import Bus

# By the scheme of `settings.BUS_URL`; loaded when chosen, for the Redis client takes half a second to import.
TRANSPORTS = {
    "local": "backend.bus.transport.LocalBus",
    "unix": "backend.bus.unix_socket.UnixSocketBus",
    "redis": "backend.bus.redis_bus.RedisBus",
    "rediss": "backend.bus.redis_bus.RedisBus",
}


@cache
def current() -> Bus:
    """The bus that `settings.BUS_URL` names: redis://…, unix:/path or local: (within this process)."""
    url: str = settings.BUS_URL
    bus: Bus = import_string(TRANSPORTS[urlsplit(url).scheme])(url)
    # A tool that ends right after its last change has said it.
    atexit.register(bus.close)
    return bus


def publish(message: Message, stamp: Stamp | None = None) -> None:
    """Send over this process's bus. Neither raises nor waits; call it on commit. What is logged has a stamp."""
    current().publish(message, stamp)
