"""Where everything goes that happens in the engine: into the ledger what lasts, straight to the bus what passes."""

import asyncio
import logging
from collections.abc import Callable, Sequence

from audio_engine.ledger import Ledger, ListenersPresent, trim_journal
from audio_engine.outbox import Outbox
from backend import bus
from backend.bus.events import Conflated, EngineReported, Event
from backend.database import DatabaseThreads

log = logging.getLogger(__name__)

TRIM_SECONDS = 60.0
TRIM_DEADLINE_SECONDS = 60.0
REPORT_SECONDS = 1.0


class Dispatch:
    """Takes events from the beat's thread and never keeps it waiting."""

    def __init__(self) -> None:
        self._ledger = Ledger()
        self._wire: Outbox[Event] = Outbox("bus", _publish)
        # Apart from the catalog's, which listeners wait for.
        self._threads = DatabaseThreads(threads=1)

    @property
    def lost(self) -> int:
        """How many events could not be written, or not be told."""
        return self._ledger.lost + self._wire.lost + bus.current().lost

    def emit(self, event: Event | ListenersPresent) -> None:
        """What has a number in its project's log is told by the ledger, when it is written."""
        if isinstance(event, Conflated):
            self._wire.post(event)
        else:
            self._ledger.post(event)

    def close(self, *, patience_seconds: float) -> None:
        """Deliver what waits, for at most this long each; first what lasts."""
        self._ledger.close(patience_seconds=patience_seconds)
        self._wire.close(patience_seconds=patience_seconds)

    async def keep_reporting(self, report: Callable[[], EngineReported]) -> None:
        """Once a second, how the engine does."""
        while True:
            self.emit(report())
            await asyncio.sleep(REPORT_SECONDS)

    async def keep_journal_short(self) -> None:
        """Once a minute, what of the log is too old or too much goes."""
        while True:
            await asyncio.sleep(TRIM_SECONDS)
            try:
                await self._threads.run(trim_journal, deadline_seconds=TRIM_DEADLINE_SECONDS)
            except Exception:
                # A database that is away is no reason to be silent; there is another time.
                log.exception("The journal could not be trimmed.")


def _publish(events: Sequence[Event]) -> None:
    for event in events:
        bus.publish(event)
