"""The engine's composition root: clock, bus, bank, delivery; start, drain, stop."""

import asyncio
import contextlib
import gc
import logging
import os
import signal
import socket
import time
from collections.abc import Coroutine
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import uvloop
from django.conf import settings

from audio_engine import catalog
from audio_engine.admission import Admission
from audio_engine.clock import Beat, MonotonicClock
from audio_engine.control import Control
from audio_engine.delivery.broadcast import Broadcast
from audio_engine.delivery.framing import FRAMINGS
from audio_engine.delivery.http import AudioServer
from audio_engine.delivery.responses import Refusal
from audio_engine.delivery.status import EngineStatus
from audio_engine.delivery.tally import Tally
from audio_engine.delivery.titles import opening_title
from audio_engine.dispatch import Dispatch
from audio_engine.encoding.memory import map_large_blocks
from audio_engine.errands import Errands
from audio_engine.inbox import Inbox
from audio_engine.keeper import stay_behind
from audio_engine.planner.grid import GRANULES_PER_SECOND, granule_at
from audio_engine.preparation import open_bank
from audio_engine.render.warm_up import warm_up
from audio_engine.revival import planned_session
from audio_engine.session import LiveSession, burst_granules
from audio_engine.soundscape import TICK_GRANULES, Soundscape, Sources
from audio_engine.stage import Stage
from audio_engine.vitals import engine_report, engine_status
from backend import bus
from backend.bus.codec import Envelope, Topic
from backend.bus.commands import DescribeStream, ExplainAsset
from backend.bus.events import AssetAdded, AssetChanged, AssetRemoved, EngineReported, SoundscapeChanged, UploadChanged
from backend.bus.replies import Reply
from backend.database import DatabaseThreads
from backend.ids import ProjectId, SessionId, StreamId

log = logging.getLogger(__name__)

TICK_SECONDS = TICK_GRANULES / GRANULES_PER_SECOND
# What one stream takes at least: 8.5 ms CPU a second (measured on cores of 2026, two speakers and two clips to MP3).
CPU_SHARE = 0.0085
HOUSEKEEPING_SECONDS = 5.0
DRAIN_SECONDS = 5.0


class ThreadedReads:
    """The catalog, asked in threads that keep their database connections."""

    def __init__(self, sources: Sources) -> None:
        self._sources = sources
        self._threads = DatabaseThreads(threads=2)

    async def stream_by_id(self, stream_id: StreamId) -> catalog.StreamRecord | None:
        """See control.Reads."""
        return await self._threads.run(partial(catalog.stream_by_id, stream_id))

    async def stream_by_number(self, number: SessionId) -> catalog.StreamRecord | None:
        """See control.Reads."""
        return await self._threads.run(partial(catalog.stream_by_number, number))

    async def soundscape(self, project_id: ProjectId) -> Soundscape | None:
        """See control.Reads. The speakers' sounds are asked for at once, so that they are there for the first burst."""
        found = await self._threads.run(partial(catalog.soundscape, project_id))
        for key in found.speaker_keys() if found else ():
            self._sources.state(key)
        return found

    async def unseen_stream_ids(self, seconds: float) -> list[tuple[StreamId, ProjectId]]:
        """See control.Reads."""
        return await self._threads.run(partial(catalog.unseen_stream_ids, seconds))


class Engine:
    """All rooms of the engine, connected."""

    def __init__(self) -> None:
        self._clock = MonotonicClock()
        self._bank = open_bank()
        self._stage = Stage(self._bank, threads=os.cpu_count() or 1, first_granule=granule_at(time.time()))
        self._beat = Beat(self._clock, tick_seconds=TICK_SECONDS)
        self._dispatch = Dispatch()
        self._control = Control(
            ThreadedReads(self._bank),
            begin=self._begin,
            emit=self._dispatch.emit,
            now=self._clock.now,
            wall_now=partial(datetime.now, UTC),
            idle_seconds=settings.STREAM_IDLE_SECONDS,
        )
        self._inbox = Inbox(self._hear, soon=asyncio.get_running_loop().call_soon_threadsafe)
        self._errands = Errands()
        self._tally = Tally()
        self._admission = Admission(
            load=lambda: self._beat.load,
            committed=self._committed,
            least_share=CPU_SHARE / (os.cpu_count() or 1),
        )
        self._server = AudioServer(
            find=self._find, put_on_air=self._put_on_air, status=self._status, tally=self._tally, now=self._clock.now
        )
        self._started_at = self._clock.now()

    async def serve(self, *, host: str, port: int, stopping: asyncio.Event) -> None:
        """Sound until `stopping` is set, then drain."""
        loop = asyncio.get_running_loop()
        stop_minding = bus.current().on_gap(lambda: loop.call_soon_threadsafe(self._control.catch_up))
        stop_listening = bus.current().listen([Topic.COMMANDS, Topic.CHANGES], self._inbox.put)
        await self._server.start(host, port)
        report = partial(self._report, f"{socket.gethostname()}:{port}")
        duties = (
            self._keep_beat(),
            self._keep_house(),
            self._dispatch.keep_reporting(report),
            self._dispatch.keep_journal_short(),
        )
        tasks = [asyncio.create_task(duty) for duty in duties]
        log.info("The engine serves audio on %s:%d.", host, port)
        stopped = asyncio.create_task(stopping.wait())
        await asyncio.wait([stopped, *tasks], return_when=asyncio.FIRST_COMPLETED)
        stop_listening()
        stop_minding()
        await self._server.close()
        for task in tasks:
            task.cancel()
        endings = await asyncio.gather(*tasks, return_exceptions=True)
        self._drain()
        for failure in endings:
            # The supervisor starts the engine again; why it ended must be seen.
            if isinstance(failure, Exception):
                raise failure

    def _begin(self, record: catalog.StreamRecord, soundscape: Soundscape) -> LiveSession:
        framing = FRAMINGS[record.format]
        start = self._stage.next_granule - burst_granules(framing, record.bitrate_kbps)
        return LiveSession(
            stream_id=record.stream_id,
            number=record.number,
            key=record.key,
            project_id=record.project_id,
            bitrate_kbps=record.bitrate_kbps,
            planned=planned_session(record, soundscape, self._bank, granule=start, wall_clock=self._wall_clock),
            broadcast=Broadcast(
                bitrate_kbps=record.bitrate_kbps,
                now=self._clock.now,
                name=soundscape.name,
                title=opening_title(soundscape),
                framing=framing,
                max_listeners=settings.MAX_LISTENERS_PER_STREAM,
                tally=self._tally,
            ),
            rendered_to=start,
            last_command_at=self._clock.now(),
        )

    def _wall_clock(self, granule: int) -> datetime:
        return datetime.now(UTC) + timedelta(seconds=(granule - self._stage.next_granule) / GRANULES_PER_SECOND)

    def _hear(self, envelope: Envelope) -> None:
        match envelope.message:
            case DescribeStream() as question:
                self._errands.start(self._answer(envelope, self._control.describe(question)))
            case ExplainAsset() as question:
                self._errands.start(self._answer(envelope, self._control.explain(question)))
            case SoundscapeChanged(project_id):
                self._control.refresh(project_id)
            case AssetAdded() | AssetChanged() | AssetRemoved() | UploadChanged():
                pass
            case command:
                self._control.take(command)  # type: ignore[arg-type]  # the topic COMMANDS holds commands alone

    async def _answer(self, question: Envelope, reply: Coroutine[Any, Any, Reply]) -> None:
        bus.current().answer(question, await reply)

    async def _find(self, number: int, key: str) -> Broadcast | Refusal:
        session = await self._control.session_for_question(SessionId(number), key)
        return Refusal.NOT_FOUND if session is None else session.broadcast

    async def _put_on_air(self, number: int, key: str) -> Broadcast | Refusal:
        # Who has walked before they listen hears where they are from the first byte on.
        self._inbox.take_moves()
        session = await self._control.session_for_listener(SessionId(number), key)
        if session is None:
            return Refusal.NOT_FOUND
        if not session.is_sounding and not self._admission.admits():
            return Refusal.OVERLOADED
        await self._stage.put_on_air(session)
        return session.broadcast

    async def _keep_beat(self) -> None:
        first_granule = granule_at(time.time())
        async for tick in self._beat.ticks():
            if tick.skipped:
                log.warning("The beat was late and skipped %d ticks to live.", tick.skipped)
            self._inbox.take_moves()
            granule = first_granule + tick.number * TICK_GRANULES
            rendered = await self._stage.render_tick(self._control.sessions, granule)
            self._admission.note_rendered(rendered)
            self._control.publish_events()

    async def _keep_house(self) -> None:
        while True:
            await asyncio.sleep(HOUSEKEEPING_SECONDS)
            self._control.keep_house()
            self._bank.tidy()

    def _drain(self) -> None:
        self._control.close_all()
        self._stage.close()
        self._dispatch.close(patience_seconds=DRAIN_SECONDS)
        self._bank.close()

    def _committed(self) -> int:
        return sum(session.is_sounding or session.is_bursting for session in self._control.sessions)

    def _status(self) -> EngineStatus:
        return engine_status(
            self._control.sessions,
            uptime_seconds=self._clock.now() - self._started_at,
            beat=self._beat,
            tally=self._tally,
            lags=self._server.lags(),
            events_lost=self._dispatch.lost,
            bank=self._bank.holdings(),
        )

    def _report(self, engine_id: str) -> EngineReported:
        return engine_report(self._status(), engine_id=engine_id, at=datetime.now(UTC))


def run(*, host: str, port: int) -> None:
    """Serve until SIGTERM or SIGINT, in a process that is replaced at once when it crashes."""
    map_large_blocks()
    warm_up()
    stay_behind()
    uvloop.run(_run(host, port))


async def _run(host: str, port: int) -> None:
    stopping = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stopping.set)
    engine = Engine()
    # What lives for good is not looked at again: a full collection would stop the beat for some milliseconds.
    gc.freeze()
    with contextlib.suppress(asyncio.CancelledError):
        await engine.serve(host=host, port=port, stopping=stopping)
