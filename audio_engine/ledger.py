"""The engine's only writer to the database: what was heard, and what became of streams."""

from dataclasses import dataclass

from django.db import DatabaseError

from audio_engine.outbox import Outbox
from backend.bus.events import AssetEnded, AssetStarted, Event, RangeEntered, RangeLeft, StreamClosed
from backend.database import settle_connections
from backend.ids import StreamId
from backend.listening import liveness, records


@dataclass(frozen=True, slots=True)
class ListenersPresent:
    """These streams have a listener now; nobody but the ledger needs to know."""

    stream_ids: tuple[StreamId, ...]


Entry = Event | ListenersPresent


def write(entry: Entry) -> None:
    """Store what of this must last; most events need nothing."""
    try:
        match entry:
            case AssetStarted():
                records.record_asset_started(entry)
            case AssetEnded():
                records.record_asset_ended(entry)
            case RangeLeft():
                records.record_range_left(entry)
            case RangeEntered():
                records.record_range_entered(entry)
            case StreamClosed():
                records.record_stream_closed(entry)
            case ListenersPresent():
                liveness.note_presence(entry.stream_ids)
    finally:
        settle_connections()


def new_ledger() -> Outbox[Entry]:
    """An outbox that writes; a database that is away gets the events when it is back, for a while."""
    return Outbox("ledger", write, passing=(DatabaseError,))
