"""A command in, the session told, its events published: the table of all sessions."""

import asyncio
import logging
from collections import defaultdict
from collections.abc import Callable, Coroutine
from typing import Any, Protocol

from audio_engine.catalog import StreamRecord
from audio_engine.delivery.titles import title_of
from audio_engine.session import LiveSession
from audio_engine.soundscape import Soundscape
from backend.bus.commands import (
    ChooseLanguage,
    CloseStream,
    Command,
    DescribeStream,
    FilterTags,
    KeepAlive,
    MoveListener,
    OpenStream,
    PauseStream,
    PlayAsset,
    ResumeStream,
    SkipAsset,
)
from backend.bus.events import Event, StreamClosed
from backend.bus.replies import StreamDescription
from backend.ids import ProjectId, SessionId, StreamId

log = logging.getLogger(__name__)

# A session that nobody listens to or commands for so long is forgotten; its row brings it back (HEARTBEAT_TIMEOUT).
FORGET_AFTER_SECONDS = 200.0


class Reads(Protocol):
    """What control asks of the catalog; each may take as long as the database does."""

    async def stream_by_id(self, stream_id: StreamId) -> StreamRecord | None: ...

    async def stream_by_number(self, number: SessionId) -> StreamRecord | None: ...

    async def soundscape(self, project_id: ProjectId) -> Soundscape | None: ...


Begin = Callable[[StreamRecord, Soundscape], LiveSession]


class Control:
    """Lives in the engine's event loop; only the reads wait."""

    def __init__(self, reads: Reads, *, begin: Begin, emit: Callable[[Event], None], now: Callable[[], float]) -> None:
        """`begin` makes a session at the engine's present; `emit` takes every event; `now` is in seconds."""
        self._reads = reads
        self._begin = begin
        self._emit = emit
        self._now = now
        self._sessions: dict[StreamId, LiveSession] = {}
        self._soundscapes: dict[ProjectId, Soundscape] = {}
        self._waiting: dict[StreamId, list[Command]] = {}
        self._loads: dict[StreamId, asyncio.Task[None]] = {}
        self._stale: set[ProjectId] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._project_locks: defaultdict[ProjectId, asyncio.Lock] = defaultdict(asyncio.Lock)

    @property
    def sessions(self) -> list[LiveSession]:
        """All sessions, as they are now."""
        return list(self._sessions.values())

    def take(self, command: Command) -> None:
        """Do what it says: at once for a session that is here, else as soon as its row has been read."""
        stream_id = command.stream_id
        if stream_id in self._waiting:
            self._waiting[stream_id].append(command)
        elif stream_id not in self._sessions or isinstance(command, OpenStream):
            self._waiting[stream_id] = [command]
            self._loads[stream_id] = self._start(self._load(stream_id))
        else:
            self._apply(self._sessions[stream_id], command)

    async def describe(self, question: DescribeStream) -> StreamDescription:
        """Whether the stream is here, and how many listen to it; of one that is being read, as soon as it has been."""
        if (load := self._loads.get(question.stream_id)) is not None:
            await asyncio.wait([load])
        session = self._sessions.get(question.stream_id)
        listeners = session.broadcast.listeners if session else 0
        return StreamDescription(question.stream_id, is_live=session is not None, listeners=listeners)

    async def session_for_listener(self, number: SessionId, key: str) -> LiveSession | None:
        """The session that this audio address names; None for a stream that is not, or a key that is not its own."""
        for session in self._sessions.values():
            if session.number == number and session.key == key:
                return session
        record = await self._reads.stream_by_number(number)
        if record is None or record.key != key:
            return None
        return await self._restore(record)

    def refresh(self, project_id: ProjectId) -> None:
        """Read the project again and give it to all its sessions; many edits at once are read once."""
        if project_id in self._soundscapes and project_id not in self._stale:
            self._stale.add(project_id)
            self._start(self._reread(project_id))

    def publish_events(self) -> None:
        """Send what the sessions have done since the last time, and end those that failed."""
        for session in self.sessions:
            if session.has_failed:
                self._end(session)
            else:
                self._emit_from(session)

    def forget_idle(self) -> None:
        """Let go of sessions without listener or command for long, and of projects without a session."""
        for session in self.sessions:
            idle_seconds = self._now() - session.last_command_at
            if session.broadcast.listeners:
                session.last_command_at = self._now()
            elif idle_seconds > FORGET_AFTER_SECONDS:
                self._end(session)
        used = {session.project_id for session in self._sessions.values()}
        for project_id in self._soundscapes.keys() - used:
            del self._soundscapes[project_id]
            del self._project_locks[project_id]

    def close_all(self) -> None:
        """End every session here, as when the engine stops; their rows stay open."""
        for session in self.sessions:
            self._end(session)

    def _apply(self, session: LiveSession, command: Command) -> None:
        session.last_command_at = self._now()
        planned, granule = session.planned, session.rendered_to
        match command:
            case MoveListener():
                planned.move(
                    command.position,
                    heading=command.heading,
                    width=command.width,
                    range_min=command.range_min,
                    range_max=command.range_max,
                    granule=granule,
                )
            case FilterTags():
                planned.filter_tags(command.tag_ids, granule=granule)
            case ChooseLanguage():
                planned.choose_language(command.language_id, granule=granule)
            case PlayAsset():
                planned.play(command.asset_id, granule=granule)
            case PauseStream():
                planned.pause(granule=granule)
            case ResumeStream():
                planned.resume(granule=granule)
            case SkipAsset():
                planned.skip(granule=granule)
            case CloseStream():
                self._end(session)
                self._emit(StreamClosed(session.stream_id, session.project_id, "CLOSED"))
            case KeepAlive() | OpenStream() | DescribeStream():
                pass

    def _end(self, session: LiveSession) -> None:
        session.planned.close(granule=session.rendered_to)
        self._emit_from(session)
        session.broadcast.close()
        session.go_off_air()
        del self._sessions[session.stream_id]

    def _emit_from(self, session: LiveSession) -> None:
        soundscape, planned = self._soundscapes[session.project_id], session.planned
        for event in planned.take_events():
            self._emit(event)
            if title := title_of(event, soundscape, remaining=lambda: planned.remaining):
                session.broadcast.set_title(title)

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
        soundscape = await self._soundscape(record.project_id)
        present = self._sessions.get(record.stream_id)
        if present is not None and present.key == record.key:
            return present
        if present is not None:
            self._end(present)
        if soundscape is None:
            return None
        session = self._sessions[record.stream_id] = self._begin(record, soundscape)
        return session

    async def _soundscape(self, project_id: ProjectId) -> Soundscape | None:
        async with self._project_locks[project_id]:
            if project_id not in self._soundscapes:
                found = await self._reads.soundscape(project_id)
                if found is not None:
                    self._soundscapes[project_id] = found
            return self._soundscapes.get(project_id)

    async def _reread(self, project_id: ProjectId) -> None:
        async with self._project_locks[project_id]:
            self._stale.discard(project_id)
            soundscape = await self._reads.soundscape(project_id)
            if soundscape is None:
                return
            self._soundscapes[project_id] = soundscape
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
