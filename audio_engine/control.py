"""A command in, the session told; what is not here is read, and what may have been missed is read again."""

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Protocol

from audio_engine.catalog import StreamRecord
from audio_engine.errands import Errands, OneAtATime, done_by_and_by
from audio_engine.ledger import ListenersPresent
from audio_engine.orders import missed, obey
from audio_engine.presence import Presence
from audio_engine.session import LiveSession
from audio_engine.session_table import SessionTable
from audio_engine.soundscape import Soundscape
from audio_engine.soundscapes import Soundscapes
from backend.bus.commands import (
    BlockAssets,
    CloseStream,
    Command,
    DescribeStream,
    ExplainAsset,
    MoveListener,
    OpenStream,
    TellGains,
    WatchMix,
)
from backend.bus.events import Event, RangeEntered, RangeLeft
from backend.bus.replies import AssetExplanation, StreamDescription
from backend.ids import ProjectId, SessionId, StreamId

log = logging.getLogger(__name__)


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
        wall_now: Callable[[], datetime],
        idle_seconds: float,
    ) -> None:
        """`begin` makes a session at the engine's present; `emit` takes all that happens; `now` is in seconds.

        A stream without listener and request for `idle_seconds` ends, and comes back from its row by either.
        """
        self._reads = reads
        self._begin = begin
        self._emit = emit
        self._now = now
        self._wall_now = wall_now
        self._soundscapes = Soundscapes(reads.soundscape)
        self._sessions = SessionTable(self._soundscapes, emit=emit, now=now)
        self._waiting: dict[StreamId, list[Command]] = {}
        self._loads: dict[StreamId, asyncio.Task[bool]] = {}
        self._errands = Errands()
        self._presence = Presence(
            self._sessions,
            reads.unseen_stream_ids,
            emit=emit,
            now=now,
            idle_seconds=idle_seconds,
            errands=self._errands,
        )
        self._catching_up = OneAtATime(self._errands, self._catch_up)

    @property
    def sessions(self) -> list[LiveSession]:
        """All sessions, as they are now."""
        return self._sessions.all

    def take(self, command: Command) -> None:
        """Do what it says: at once for a session that is here, else as soon as its row has been read."""
        stream_id = command.stream_id
        if stream_id in self._waiting:
            self._waiting[stream_id].append(command)
        elif (session := self._sessions.get(stream_id)) is None:
            # A block concerns all streams of somebody, and wakes none of them: their rows say the same.
            if not isinstance(command, BlockAssets | TellGains):
                self._begin_load(stream_id, command)
        elif isinstance(command, OpenStream):
            self._begin_load(stream_id, command)
        else:
            self._apply(session, command)

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
        session = self._sessions.addressed(number, key)
        if session is not None:
            session.last_command_at = self._now()
            return session
        record = await self._addressed(number, key)
        if record is None:
            return None
        # It may have been idle.
        self._emit(ListenersPresent((record.stream_id,)))
        session = await self._restore(record)
        # Who closed it meanwhile found no session to close.
        self._errands.start(self._end_if_closed(record))
        return session

    async def session_for_question(self, number: SessionId, key: str) -> LiveSession | None:
        """The same for who asks and does not listen: what is not here is made for the answer alone."""
        present = self._sessions.addressed(number, key)
        if present is not None:
            return present
        record = await self._addressed(number, key)
        soundscape = await self._soundscapes.get(record.project_id) if record else None
        return self._begin(record, soundscape) if record and soundscape else None

    def refresh(self, project_id: ProjectId) -> None:
        """Read the project again and give it to all its sessions; many edits at once are read once."""
        if self._soundscapes.spoil(project_id):
            self._errands.start(done_by_and_by([partial(self._renew, project_id)]))

    def catch_up(self) -> None:
        """Commands and changes may have been missed: read all that is held again, and do what they would have said."""
        self._catching_up.ask()

    def publish_events(self) -> None:
        """Send what the sessions have done since the last time, and end those that failed."""
        self._sessions.publish_events()

    def keep_house(self) -> None:
        """End streams that nobody wants, write down who has a listener, and let go of projects without a session."""
        self._presence.look()
        self._soundscapes.keep_only({session.project_id for session in self.sessions})

    def close_all(self) -> None:
        """End every session here, as when the engine stops; their rows stay open."""
        for session in self.sessions:
            self._sessions.end(session)

    def _apply(self, session: LiveSession, command: Command) -> None:
        """A plan that fails ends its own session alone: moves are done in the beat."""
        try:
            self._do(session, command)
        except Exception:
            log.exception("stream %s: its plan failed, and it ends here", session.stream_id)
            session.has_failed = True

    def _do(self, session: LiveSession, command: Command) -> None:
        if isinstance(command, WatchMix):
            session.mix_watch.renew(self._now())
            return
        if isinstance(command, TellGains):
            session.planned.tell_gains()
            return
        session.last_command_at = self._now()
        if isinstance(command, CloseStream):
            self._sessions.close(session, "CLOSED")
            return
        if isinstance(command, MoveListener):
            session.moved_at = self._wall_now()
        obey(session.planned, command, granule=session.rendered_to)

    def _begin_load(self, stream_id: StreamId, *commands: Command) -> asyncio.Task[bool]:
        self._waiting[stream_id] = list(commands)
        load = self._loads[stream_id] = self._errands.start(self._load(stream_id))
        return load

    async def _load(self, stream_id: StreamId) -> None:
        """As its row says it, and then as the commands that came meanwhile."""
        try:
            record = await self._reads.stream_by_id(stream_id)
            session = await self._restore(record) if record else None
            if record is not None and session is not None:
                for command in missed(record, session.planned, moved_at=session.moved_at):
                    self._apply(session, command)
            elif (gone := self._sessions.get(stream_id)) is not None:
                self._sessions.close(gone, "CLOSED")
        finally:
            del self._loads[stream_id]
            for command in self._waiting.pop(stream_id):
                if (session := self._sessions.get(stream_id)) is not None:
                    self._apply(session, command)

    async def _catch_up(self) -> None:
        stream_ids = {*self._loads, *(session.stream_id for session in self.sessions)}
        log.info("The engine reads again what it holds: %d streams.", len(stream_ids))
        await done_by_and_by([partial(self._reload, stream_id) for stream_id in stream_ids])
        await done_by_and_by([partial(self._renew, project_id) for project_id in self._soundscapes.project_ids])

    async def _reload(self, stream_id: StreamId) -> bool:
        if (load := self._loads.get(stream_id)) is not None:
            # It may have been read before what was missed was said.
            await load
        return stream_id not in self._sessions or await self._begin_load(stream_id)

    async def _renew(self, project_id: ProjectId) -> bool:
        return await self._errands.start(self._reread(project_id))

    async def _addressed(self, number: SessionId, key: str) -> StreamRecord | None:
        record = await self._reads.stream_by_number(number)
        return None if record is None or record.key != key else record

    async def _restore(self, record: StreamRecord) -> LiveSession | None:
        """The session of this row, made unless it is here already with this very key."""
        soundscape = await self._soundscapes.get(record.project_id)
        present = self._sessions.get(record.stream_id)
        if present is not None and present.key == record.key:
            return present
        if present is not None:
            self._sessions.close(present, "CLOSED")
        if soundscape is None:
            return None
        session = self._begin(record, soundscape)
        self._sessions.add(session)
        session.moved_at = record.positioned_at
        self._settle_range(record, session)
        return session

    async def _end_if_closed(self, record: StreamRecord) -> None:
        is_there = await self._addressed(record.number, record.key) is not None
        session = self._sessions.addressed(record.number, record.key)
        if session is not None and not is_there:
            self._sessions.close(session, "CLOSED")

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
        if soundscape is not None:
            await self._sessions.give(project_id, soundscape)
