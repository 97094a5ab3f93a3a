"""Events as plain JSON: the names of their fields as they are, and numbers for ids, as the old API has them."""

from datetime import datetime
from typing import Any

import msgspec
import orjson

from backend.ids import SessionId
from realtime.happening import Happening, Lagged


def plain_json(happening: Happening, session_id: SessionId) -> bytes:
    """One event of a stream, which is named by its session."""
    event = happening.event
    data: dict[str, Any] = msgspec.to_builtins(event, builtin_types=(datetime,))
    if "stream_id" in data:
        data["stream_id"] = session_id
    if isinstance(event, Lagged):
        data["resync"] = event.resync and str(event.resync)
    # A place is two numbers, as in the old API.
    data |= data.pop("position", {})
    told = {"type": type(event).__name__, "cursor": str(happening.cursor), "at": happening.at, "data": data}
    return orjson.dumps(told)


def heartbeat_json(cursor: str, at: datetime) -> bytes:
    """What tells a client that nothing has happened."""
    return orjson.dumps({"type": "Heartbeat", "cursor": cursor, "at": at, "data": {}})
