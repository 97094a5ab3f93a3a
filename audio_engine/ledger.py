"""The engine's only writer to the database: what was heard, and what became of streams."""

from django.db import DatabaseError

from audio_engine.outbox import Outbox
from backend.bus.events import AssetEnded, AssetStarted, Event, StreamClosed
from backend.database import settle_connections
from backend.listening import records


def write(event: Event) -> None:
    """Store what of this event must last; most events need nothing."""
    try:
        match event:
            case AssetStarted():
                records.record_asset_started(event)
            case AssetEnded():
                records.record_asset_ended(event)
            case StreamClosed():
                records.record_stream_closed(event)
    finally:
        settle_connections()


def new_ledger() -> Outbox[Event]:
    """An outbox that writes; a database that is away gets the events when it is back, for a while."""
    return Outbox("ledger", write, passing=(DatabaseError,))
