"""Events as the log keeps them."""

import logging
from typing import get_args

import msgspec

from backend.bus.events import Logged
from backend.ids import StreamId

log = logging.getLogger(__name__)

KINDS: dict[str, type[Logged]] = {kind.__name__: kind for kind in get_args(Logged)}


def body_of(event: Logged) -> str:
    """The event's fields as JSON."""
    return msgspec.json.encode(event).decode()


def stream_of(event: Logged) -> StreamId | None:
    """The stream that it is about, if it is about one."""
    return getattr(event, "stream_id", None)


def event_of(kind: str, body: str) -> Logged | None:
    """The event again; None for one that another version of this program wrote and this one cannot read."""
    try:
        return msgspec.json.decode(body, type=KINDS[kind])
    except (msgspec.MsgspecError, KeyError) as error:
        log.warning("The journal holds a %s that cannot be read: %s", kind, error)
        return None
