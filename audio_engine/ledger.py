"""The engine's only writer to the database: what was heard, what became of streams, and the log of their events."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import InterfaceError, OperationalError, transaction
from django.utils import timezone

from audio_engine.outbox import Outbox
from backend.bus.events import AssetEnded, AssetStarted, Event, Logged, RangeEntered, RangeLeft, StreamClosed
from backend.database import settle_connections
from backend.ids import StreamId
from backend.journal.actions import record_all
from backend.journal.queries import is_recorded
from backend.journal.retention import trim
from backend.listening import liveness, records

log = logging.getLogger(__name__)

# What a transaction takes together of what waits: each of its own would cost a disk's rest of a crowd.
MOST_AT_ONCE = 50
# A database that is away for a minute loses nothing.
TRIES = 60
AWAY = (OperationalError, InterfaceError)


@dataclass(frozen=True, slots=True)
class ListenersPresent:
    """These streams have a listener now; nobody but the ledger needs to know."""

    stream_ids: tuple[StreamId, ...]


Entry = Event | ListenersPresent


class Ledger(Outbox[Entry]):
    """Writes what lasts, and logs each event in the same transaction; on commit the bus tells of it."""

    def __init__(self, *, retry_seconds: float = 1.0) -> None:
        self._tried: Sequence[Entry] = ()
        self._tried_at: datetime | None = None
        super().__init__(
            "ledger", self.write, passing=AWAY, most_at_once=MOST_AT_ONCE, tries=TRIES, retry_seconds=retry_seconds
        )

    def write(self, entries: Sequence[Entry]) -> None:
        """All of these, or none. Raises one of AWAY; then call it again with the very same."""
        try:
            if not self._is_written(entries):
                self._write_together(entries)
        finally:
            settle_connections()

    def _is_written(self, entries: Sequence[Entry]) -> bool:
        """Tried again: a connection that broke during the commit does not say whether it was one."""
        if entries is not self._tried or self._tried_at is None:
            self._tried, self._tried_at = entries, timezone.now()
            return False
        return any(is_recorded(each, since=self._tried_at) for each in entries if isinstance(each, Logged))

    @transaction.atomic
    def _write_together(self, entries: Sequence[Entry]) -> None:
        logged = [event for entry in entries for event in self._written(entry)]
        # Rows first and the logs' heads last, as the gateway does: else each could wait for the other.
        record_all(logged)

    def _written(self, entry: Entry) -> Sequence[Logged]:
        """What is to be logged of it. What cannot be written has happened all the same, and holds up no other."""
        try:
            with transaction.atomic():
                return _write(entry)
        except AWAY:
            raise
        except Exception:
            log.exception("The ledger could not write %s.", type(entry).__name__)
            self.lost += 1
            return [entry] if isinstance(entry, Logged) else []


def _write(entry: Entry) -> Sequence[Logged]:
    """Stores what of this must last beside the log; most events need nothing."""
    match entry:
        case ListenersPresent():
            return liveness.note_presence(entry.stream_ids)
        case StreamClosed():
            return [entry] if records.record_stream_closed(entry) else []
        case AssetStarted():
            records.record_asset_started(entry)
        case AssetEnded():
            records.record_asset_ended(entry)
        case RangeLeft():
            records.record_range_left(entry)
        case RangeEntered():
            records.record_range_entered(entry)
    return [entry] if isinstance(entry, Logged) else []


def trim_journal() -> int:
    """What of the log is too old or too much goes. For a database thread: it may take a while."""
    return trim(timezone.now())
