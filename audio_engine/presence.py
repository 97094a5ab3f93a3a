"""Whether anybody is there: streams that nobody wants end, and who has a listener is written down."""

from collections.abc import Awaitable, Callable

from audio_engine.errands import Errands
from audio_engine.ledger import ListenersPresent
from audio_engine.session_table import SessionTable
from backend.bus.events import Event, StreamClosed
from backend.ids import ProjectId, StreamId

# Of the time after which a stream is idle: so often is written down who has a listener, and so long may a stream that
# no engine knows be unseen.
TOLD_SHARE, UNSEEN_SHARE = 0.25, 1.5

UnseenStreams = Callable[[float], Awaitable[list[tuple[StreamId, ProjectId]]]]


class Presence:
    """Looked at every few seconds, in the engine's event loop."""

    def __init__(
        self,
        sessions: SessionTable,
        unseen: UnseenStreams,
        *,
        emit: Callable[[Event | ListenersPresent], None],
        now: Callable[[], float],
        idle_seconds: float,
        errands: Errands,
    ) -> None:
        """`unseen` reads the open streams at which nobody was seen for so many seconds."""
        self._sessions = sessions
        self._unseen = unseen
        self._emit = emit
        self._now = now
        self._idle_seconds = idle_seconds
        self._errands = errands
        self._told_at = now()

    def look(self) -> None:
        """End what nobody wants; now and then, write down who is there."""
        self._end_idle()
        if self._now() - self._told_at >= self._idle_seconds * TOLD_SHARE:
            self._told_at = self._now()
            self._tell()
            self._errands.start(self._end_unseen())

    def _end_idle(self) -> None:
        for session in self._sessions.all:
            if session.broadcast.listeners:
                session.last_command_at = self._now()
            elif self._now() - session.last_command_at > self._idle_seconds:
                self._sessions.close(session, "IDLE")

    def _tell(self) -> None:
        present = tuple(session.stream_id for session in self._sessions.all if session.broadcast.listeners)
        if present:
            self._emit(ListenersPresent(present))

    async def _end_unseen(self) -> None:
        """Streams that were open when an engine died, and to which nobody has come back since."""
        for stream_id, project_id in await self._unseen(self._idle_seconds * UNSEEN_SHARE):
            if stream_id not in self._sessions:
                self._emit(StreamClosed(stream_id, project_id, "IDLE"))
