"""Where sessions become sound: the blocks of each tick, and the burst that a new listener gets."""

import asyncio
import logging
from collections.abc import Callable, Coroutine, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from audio_engine.render.shard import Job, Shard
from audio_engine.session import LiveSession
from audio_engine.soundscape import TICK_GRANULES, Sources

log = logging.getLogger(__name__)

# A burst is what a listener hears first: they shall not be silent for want of a moment.
PREPARATION_SECONDS = 0.7
PREPARATION_POLL_SECONDS = 0.02


class Burst:
    """What one session is sent at once; `has_begun` as soon as its first sound is published, or it is over."""

    def __init__(self, session: LiveSession, work: Callable[["Burst"], Coroutine[Any, Any, None]]) -> None:
        self.session = session
        self.has_begun = asyncio.Event()
        self._loop = asyncio.get_running_loop()
        self.task = self._loop.create_task(work(self))
        self.task.add_done_callback(lambda _: self.has_begun.set())

    def take(self, chunk: bytes) -> None:
        """Publish it in the loop's thread; called in that which renders."""
        self._loop.call_soon_threadsafe(self._publish, chunk)

    def _publish(self, chunk: bytes) -> None:
        self.session.broadcast.publish(chunk)
        if chunk:
            self.has_begun.set()


class Stage:
    """Plans in the event loop's thread; renders and encodes in threads of its own, outside the GIL."""

    def __init__(self, sources: Sources, *, threads: int, first_granule: int) -> None:
        self._shards = [Shard(sources) for _ in range(threads)]
        self._pool = ThreadPoolExecutor(threads, "render")
        # Bursts have a thread of their own, one after the other: a crowd that arrives at once must not hold up the
        # beat, and who has begun must not fall behind it again while others are served.
        self._burst_shard = Shard(sources)
        self._burst_pool = ThreadPoolExecutor(1, "burst")
        self._burst_turn = asyncio.Semaphore(1)
        self._bursts: dict[LiveSession, Burst] = {}
        self.next_granule = first_granule

    async def render_tick(self, sessions: Sequence[LiveSession], granule: int) -> int:
        """One block of every session that is heard, from this granule on; returns how many were rendered."""
        self.next_granule = granule + TICK_GRANULES
        planned = [(session, job) for session in sessions if (job := _next_job(session, granule))]
        chunks = await self._rendered([job for _, job in planned])
        for (session, job), chunk in zip(planned, chunks, strict=True):
            if session.encoder is job.encoder:
                session.broadcast.publish(chunk)
        return len(planned)

    async def put_on_air(self, session: LiveSession) -> None:
        """Render the burst, if the session is not sounding; when this returns its first sound is published.

        The rest follows as fast as it is rendered, and then the beat goes on from there.
        """
        if session.is_sounding and session.rendered_to == self.next_granule:
            return
        if session not in self._bursts:
            # From now on, and not when its turn comes: who is let in next is counted with it.
            session.is_bursting = True
            self._bursts[session] = Burst(session, self._burst)
        burst = self._bursts[session]
        await burst.has_begun.wait()
        if burst.task.done():
            burst.task.result()

    def close(self) -> None:
        """Let the threads end; blocks in work are finished, bursts are given up."""
        for burst in self._bursts.values():
            burst.task.cancel()
        self._pool.shutdown()
        self._burst_pool.shutdown()

    async def _rendered(self, jobs: Sequence[Job]) -> list[bytes]:
        """The jobs dealt out to the shards in turn, their chunks back in the jobs' order."""
        loop, count = asyncio.get_running_loop(), len(self._shards)
        parts = await asyncio.gather(
            *(
                loop.run_in_executor(self._pool, shard.render_and_encode, jobs[index::count], TICK_GRANULES)
                for index, shard in enumerate(self._shards)
                if index < len(jobs)
            )
        )
        chunks = [b""] * len(jobs)
        for index, part in enumerate(parts):
            chunks[index::count] = part
        return chunks

    async def _burst(self, burst: Burst) -> None:
        session = burst.session
        try:
            await _speakers_prepared(session)
            async with self._burst_turn:
                await self._catch_up(session, burst.take)
        finally:
            session.is_bursting = False
            del self._bursts[session]

    async def _catch_up(self, session: LiveSession, take: Callable[[bytes], None]) -> None:
        loop = asyncio.get_running_loop()
        session.skip_to(self.next_granule - session.burst_granules)
        # The beat goes on meanwhile: until the session has caught up with it, there is one more block to render.
        while session.rendered_to < self.next_granule:
            blocks = range(session.rendered_to, self.next_granule, TICK_GRANULES)
            jobs = [session.job(TICK_GRANULES) for _ in blocks]
            await loop.run_in_executor(self._burst_pool, self._render_in_turn, jobs, take)

    def _render_in_turn(self, jobs: Sequence[Job], take: Callable[[bytes], None]) -> None:
        """Each block is on its way as soon as it is rendered: whoever waits hears the first within milliseconds."""
        for job in jobs:
            take(self._burst_shard.render_and_encode([job], TICK_GRANULES)[0])


async def _speakers_prepared(session: LiveSession) -> None:
    """Wait a moment for the sounds around the listener, if they are still being decoded."""
    for _ in range(round(PREPARATION_SECONDS / PREPARATION_POLL_SECONDS)):
        if not session.planned.is_waiting_for_speakers:
            return
        await asyncio.sleep(PREPARATION_POLL_SECONDS)


def _next_job(session: LiveSession, granule: int) -> Job | None:
    """This block of the session, if it is to be rendered; a plan that fails ends its own session alone."""
    try:
        return session.job(TICK_GRANULES) if _is_heard(session, granule) else None
    except Exception:
        log.exception("stream %s: its plan failed, and it ends here", session.stream_id)
        session.has_failed = True
        return None


def _is_heard(session: LiveSession, granule: int) -> bool:
    """Whether this block is to be rendered; if not, its time passes unheard, a burst behind the beat."""
    if session.is_bursting:
        return False
    if session.broadcast.is_reading:
        session.skip_to(granule)
        return session.rendered_to == granule
    session.go_off_air()
    session.skip_to(granule - session.burst_granules)
    return False
