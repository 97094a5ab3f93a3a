"""All sessions of the engine: what they do is published, and how they end."""

import asyncio
import logging
from collections.abc import Callable
from functools import cache

from audio_engine.catalog import address_of
from audio_engine.delivery.titles import hungry_title, title_of
from audio_engine.ledger import ListenersPresent
from audio_engine.planner.herald import NothingFound
from audio_engine.session import LiveSession
from audio_engine.soundscape import Soundscape
from audio_engine.soundscapes import Soundscapes
from backend.bus.events import Event, StreamClosed
from backend.ids import ProjectId, SessionId, StreamId

log = logging.getLogger(__name__)


class SessionTable:
    """Lives in the engine's event loop."""

    def __init__(
        self, soundscapes: Soundscapes, *, emit: Callable[[Event | ListenersPresent], None], now: Callable[[], float]
    ) -> None:
        """`emit` takes all that happens; `now` is in seconds."""
        self._soundscapes = soundscapes
        self._emit = emit
        self._now = now
        self._sessions: dict[StreamId, LiveSession] = {}

    @property
    def all(self) -> list[LiveSession]:
        """As they are now."""
        return list(self._sessions.values())

    def __contains__(self, stream_id: StreamId) -> bool:
        return stream_id in self._sessions

    def get(self, stream_id: StreamId) -> LiveSession | None:
        """The session of this stream, if it is here."""
        return self._sessions.get(stream_id)

    def addressed(self, number: SessionId, key: str) -> LiveSession | None:
        """The session that this audio address names, if it is here."""
        named = (each for each in self._sessions.values() if each.number == number and each.key == key)
        return next(named, None)

    def add(self, session: LiveSession) -> None:
        """From now on it is here."""
        self._sessions[session.stream_id] = session

    def close(self, session: LiveSession, reason: str) -> None:
        """It ends here, and its stream with it; `reason` as in StreamClosed."""
        self.end(session)
        self._emit(StreamClosed(session.stream_id, session.project_id, reason))

    def end(self, session: LiveSession) -> None:
        """It ends here; its stream may go on elsewhere, or later."""
        session.planned.close(granule=session.rendered_to)
        self._emit_from(session)
        session.broadcast.close()
        session.go_off_air()
        del self._sessions[session.stream_id]

    def publish_events(self) -> None:
        """Send what the sessions have done since the last time, and end those that failed."""
        for session in self.all:
            if session.has_failed:
                self.end(session)
            else:
                self._tell(session)

    async def give(self, project_id: ProjectId, soundscape: Soundscape) -> None:
        """All sessions of this project go on in this soundscape."""
        for session in [each for each in self.all if each.project_id == project_id]:
            # It takes milliseconds each: in between the beat goes on, and what was read later overtakes this.
            await asyncio.sleep(0)
            if not self._soundscapes.is_current(soundscape):
                return
            if self._sessions.get(session.stream_id) is session:
                session.planned.replace_soundscape(soundscape, granule=session.rendered_to)

    def _emit_from(self, session: LiveSession) -> None:
        soundscape, planned = self._soundscapes.known(session.project_id), session.planned
        # Counted once for all, and only if somebody is to be shown it.
        remaining = cache(lambda: planned.remaining)
        for event in planned.take_events():
            if isinstance(event, NothingFound):
                session.broadcast.set_title(hungry_title(event.audiotrack_id, soundscape, remaining=remaining()))
                continue
            self._emit(event)
            if title := title_of(event, soundscape, remaining=remaining):
                session.broadcast.set_title(title)

    def _tell(self, session: LiveSession) -> None:
        """What cannot be told ends its own session alone: this is done in the beat."""
        try:
            self._emit_from(session)
            if (plan := session.mix_news(now=self._now(), address=address_of)) is not None:
                self._emit(plan)
        except Exception:
            log.exception("stream %s: what it does cannot be told, and it ends here", session.stream_id)
            session.has_failed = True
