"""A command in, the session told, its events published: the table of all sessions."""

import asyncio
import logging
from collections.abc import Callable, Coroutine
from typing import Any, Protocol

from audio_engine.catalog import StreamRecord, address_of
from audio_engine.delivery.titles import title_of
from audio_engine.ledger import ListenersPresent
from audio_engine.orders import obey
from audio_engine.session import LiveSession
from audio_engine.soundscape import Soundscape
from audio_engine.soundscapes import Soundscapes
from backend.bus.commands import BlockAssets, CloseStream, Command, DescribeStream, ExplainAsset, OpenStream, WatchMix
from backend.bus.events import Event, RangeEntered, RangeLeft, StreamClosed
from backend.bus.replies import AssetExplanation, StreamDescription
from backend.ids import ProjectId, SessionId, StreamId

log = logging.getLogger(__name__)

# Of the time after which a stream is idle: so often is written down who has a listener, and so long may a stream that
# no engine knows be unseen.
PRESENCE_SHARE, UNSEEN_SHARE = 0.25, 1.5


class Reads(Protocol):
    """What control asks of the catalog; each may take as long as the database does."""

    async def stream_by_id(self, stream_id: StreamId) -> StreamRecord | None: ...

    async def stream_by_number(self, number: SessionId) -> StreamRecord | None: ...

    async def soundscape(self, project_id: ProjectId) -> Soundscape | None: ...

    async def unseen_stream_ids(self, seconds: float) -> list[tuple[StreamId, ProjectId]]: ...


Begin = Callable[[StreamRecord, Soundscape], LiveSession]


class Control:
    """Lives in the engine's event loop; only the reads wait."""

    def __init__(
        self,
        reads: Reads,
        *,
        begin: Begin,
        emit: Callable[[Event | ListenersPresent], None],
        now: Callable[[], float],
        idle_seconds: float,
    ) -> None:
        """`begin` makes a session at the engine's present; `emit` takes all that happens; `now` is in seconds.

        A stream without listener and request for `idle_seconds` ends, and comes back from its row by either.
        """
        self._reads = reads
        self._begin = begin
        self._emit = emit
        self._now = now
        self._idle_seconds = idle_seconds
        self._presence_told_at = now()
        self._sessions: dict[StreamId, LiveSession] = {}
        self._soundscapes = Soundscapes(reads.soundscape)
        self._waiting: dict[StreamId, list[Command]] = {}
        self._loads: dict[StreamId, asyncio.Task[None]] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def sessions(self) -> list[LiveSession]:
        """All sessions, as they are now."""
        return list(self._sessions.values())

    def take(self, command: Command) -> None:
        """Do what it says: at once for a session that is here, else as soon as its row has been read."""
        stream_id = command.stream_id
        if stream_id in self._waiting:
            self._waiting[stream_id].append(command)
        elif stream_id not in self._sessions and isinstance(command, BlockAssets):
            # It concerns all streams of somebody, and wakes none of them: their rows say the same.
            pass
        elif stream_id not in self._sessions or isinstance(command, OpenStream):
            self._waiting[stream_id] = [command]
            self._loads[stream_id] = self._start(self._load(stream_id))
        else:
            self._apply(self._sessions[stream_id], command)

    async def describe(self, question: DescribeStream) -> StreamDescription:
        """Whether the stream is here, and how many listen to it; of one that is being read, as soon as it has been."""
        session = await self._loaded(question.stream_id)
        listeners = session.broadcast.listeners if session else 0
        return StreamDescription(question.stream_id, is_live=session is not None, listeners=listeners)

    async def explain(self, question: ExplainAsset) -> AssetExplanation:
        """Why the asset would play now, or not; a stream that is not here is read, for its bans are in its row."""
        stream_id, asset_id = question.stream_id, question.asset_id
        if stream_id not in self._sessions:
            self.take(OpenStream(stream_id))
        session = await self._loaded(stream_id)
        if session is None:
            return AssetExplanation(stream_id, asset_id, is_known=False)
        reasons = session.planned.explain(asset_id, granule=session.rendered_to)
        return AssetExplanation(stream_id, asset_id, is_known=True, reasons=reasons)

    async def session_for_listener(self, number: SessionId, key: str) -> LiveSession | None:
        """The session that this audio address names; None for a stream that is not, or a key that is not its own."""
        for session in self._sessions.values():
            if session.number == number and session.key == key:
                session.last_command_at = self._now()
                return session
        record = await self._reads.stream_by_number(number)
        if record is None or record.key != key:
            return None
        # It may have been idle.
        self._emit(ListenersPresent((record.stream_id,)))
        return await self._restore(record)

    def refresh(self, project_id: ProjectId) -> None:
        """Read the project again and give it to all its sessions; many edits at once are read once."""
        if self._soundscapes.spoil(project_id):
            self._start(self._reread(project_id))

    def publish_events(self) -> None:
        """Send what the sessions have done since the last time, and end those that failed."""
        for session in self.sessions:
            if session.has_failed:
                self._end(session)
            else:
                self._emit_from(session)
                self._tell_mix(session)

    def keep_house(self) -> None:
        """End streams that nobody wants, write down who has a listener, and let go of projects without a session."""
        self._end_idle()
        self._soundscapes.keep_only({session.project_id for session in self._sessions.values()})
        if self._now() - self._presence_told_at >= self._idle_seconds * PRESENCE_SHARE:
            self._presence_told_at = self._now()
            self._tell_presence()
            self._start(self._end_unseen())

    def close_all(self) -> None:
        """End every session here, as when the engine stops; their rows stay open."""
        for session in self.sessions:
            self._end(session)

    def _apply(self, session: LiveSession, command: Command) -> None:
        if isinstance(command, WatchMix):
            session.mix_watch.renew(self._now())
            return
        session.last_command_at = self._now()
        if isinstance(command, CloseStream):
            self._end(session)
            self._emit(StreamClosed(session.stream_id, session.project_id, "CLOSED"))
        else:
            obey(session.planned, command, granule=session.rendered_to)

    def _end_idle(self) -> None:
        for session in self.sessions:
            if session.broadcast.listeners:
                session.last_command_at = self._now()
            elif self._now() - session.last_command_at > self._idle_seconds:
                self._end(session)
                self._emit(StreamClosed(session.stream_id, session.project_id, "IDLE"))

    def _tell_presence(self) -> None:
        present = tuple(session.stream_id for session in self.sessions if session.broadcast.listeners)
        if present:
            self._emit(ListenersPresent(present))

    async def _end_unseen(self) -> None:
        """Streams that were open when an engine died, and to which nobody has come back since."""
        for stream_id, project_id in await self._reads.unseen_stream_ids(self._idle_seconds * UNSEEN_SHARE):
            if stream_id not in self._sessions:
                self._emit(StreamClosed(stream_id, project_id, "IDLE"))

    def _end(self, session: LiveSession) -> None:
        session.planned.close(granule=session.rendered_to)
        self._emit_from(session)
        session.broadcast.close()
        session.go_off_air()
        del self._sessions[session.stream_id]

    def _emit_from(self, session: LiveSession) -> None:
        soundscape, planned = self._soundscapes.known(session.project_id), session.planned
        for event in planned.take_events():
            self._emit(event)
            if title := title_of(event, soundscape, remaining=lambda: planned.remaining):
                session.broadcast.set_title(title)

    def _tell_mix(self, session: LiveSession) -> None:
        try:
            plan = session.mix_news(now=self._now(), address=address_of)
        except Exception:
            log.exception("stream %s: its plan cannot be told, and it ends here", session.stream_id)
            session.has_failed = True
            return
        if plan is not None:
            self._emit(plan)

    async def _load(self, stream_id: StreamId) -> None:
        session = None
        try:
            record = await self._reads.stream_by_id(stream_id)
            session = await self._restore(record) if record else None
        finally:
            waiting = self._waiting.pop(stream_id)
            del self._loads[stream_id]
        for command in waiting:
            if session is not None and stream_id in self._sessions:
                self._apply(session, command)
        if session is None and (gone := self._sessions.get(stream_id)):
            self._end(gone)

    async def _restore(self, record: StreamRecord) -> LiveSession | None:
        """The session of this row, made unless it is here already with this very key."""
        soundscape = await self._soundscapes.get(record.project_id)
        present = self._sessions.get(record.stream_id)
        if present is not None and present.key == record.key:
            return present
        if present is not None:
            self._end(present)
        if soundscape is None:
            return None
        session = self._sessions[record.stream_id] = self._begin(record, soundscape)
        self._settle_range(record, session)
        return session

    def _settle_range(self, record: StreamRecord, session: LiveSession) -> None:
        """The plan tells of changes alone; and the speakers may have moved since the row was written."""
        if not session.planned.is_in_range:
            self._emit(RangeLeft(record.stream_id, record.project_id))
        elif record.is_out_of_range:
            self._emit(RangeEntered(record.stream_id, record.project_id))

    async def _loaded(self, stream_id: StreamId) -> LiveSession | None:
        if (load := self._loads.get(stream_id)) is not None:
            await asyncio.wait([load])
        return self._sessions.get(stream_id)

    async def _reread(self, project_id: ProjectId) -> None:
        soundscape = await self._soundscapes.reread(project_id)
        if soundscape is None:
            return
        for session in self._sessions.values():
            if session.project_id == project_id:
                session.planned.replace_soundscape(soundscape, granule=session.rendered_to)

    def _start(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        task = asyncio.get_running_loop().create_task(self._logged(work))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    async def _logged(self, work: Coroutine[Any, Any, None]) -> None:
        try:
            await work
        except Exception:
            log.exception("The engine could not do what it was asked.")
