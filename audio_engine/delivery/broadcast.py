"""One stream's sound on its way to whoever listens to it: never waits, never grows, never lets one disturb another."""

import math
from collections import deque
from collections.abc import Callable
from typing import Protocol

from audio_engine.delivery.framing import FRAMINGS, TICK_SECONDS, Framing, Strand, burst_seconds, burst_ticks
from audio_engine.delivery.icy import TitleWeaver
from audio_engine.delivery.supply import Supply
from audio_engine.delivery.tally import Tally
from audio_engine.encoding.formats import Format

# What a listener may have waiting besides the burst; what comes then is lost to them.
WAITING_SECONDS = 2.0
# A listener who fell behind hears again once so little of it waits, or they would be lost in small pieces.
RESUME_SHARE = 0.25
NOT_READING_SECONDS = 2.0
STALLED_SECONDS = 30.0
# Beyond it what was published last is the past, not the seconds before now.
STALE_SECONDS = 1.5


class Outlet(Protocol):
    """Where a listener's bytes go; an asyncio transport is one."""

    def write(self, data: bytes) -> None: ...

    def get_write_buffer_size(self) -> int: ...

    def close(self) -> None: ...

    def abort(self) -> None: ...


class Listener:
    """One connection that hears a broadcast."""

    def __init__(
        self,
        outlet: Outlet,
        strand: Strand,
        weaver: TitleWeaver | None,
        now: float,
        *,
        most_waiting_bytes: int,
        tally: Tally,
        is_probe: bool = False,
    ) -> None:
        self.is_probe = is_probe
        self._most_waiting_bytes = most_waiting_bytes
        self._outlet = outlet
        self._strand = strand
        self._weaver = weaver
        self._tally = tally
        self._supply = Supply()
        self._is_live = True
        self._written_bytes = 0
        self._taken_bytes = 0
        self._progress_at = now

    def offer(self, frames: bytes, now: float) -> None:
        """Whole frames or pages: sent at once, or lost when the listener is too far behind."""
        waiting = self._waiting_bytes(now)
        most = self._most_waiting_bytes
        limit = most - len(frames) if self._is_live else most * RESUME_SHARE
        self._is_live = waiting <= limit
        if self._is_live:
            self._send(self._strand.follow(frames))
            self._tally.underruns += self._supply.add(TICK_SECONDS, now)
        else:
            self._tally.lost_chunks += 1
            self._supply.restart()

    def burst(self, frames: bytes, seconds: float, now: float) -> None:
        """What a player wants to hold before it starts."""
        self._send(self._strand.begin() + self._strand.follow(frames))
        self._supply.add(seconds, now)

    def tell(self, title: str) -> None:
        """Put this title into the sound, for a listener who asked for titles."""
        if self._weaver is not None:
            self._weaver.tell(title)

    def is_reading(self, now: float) -> bool:
        """Whether anything that waited has been taken during the last seconds."""
        self._waiting_bytes(now)
        is_reading = now - self._progress_at < NOT_READING_SECONDS
        if not is_reading:
            # Nothing may be rendered for them: what runs dry now does so by their own doing.
            self._supply.restart()
        return is_reading

    def sweep(self, now: float) -> None:
        """Cut off who has taken nothing for long."""
        self._waiting_bytes(now)
        if now - self._progress_at >= STALLED_SECONDS:
            self._tally.cut_off += 1
            self._outlet.abort()

    def close(self) -> None:
        """Let go, after what waits has been sent."""
        self._outlet.close()

    def _send(self, data: bytes) -> None:
        woven = self._weaver.weave(data) if self._weaver else data
        if woven:
            self._written_bytes += len(woven)
            self._outlet.write(woven)

    def _waiting_bytes(self, now: float) -> int:
        """What has not been taken yet; notes whether any was taken since it was last asked."""
        waiting = self._outlet.get_write_buffer_size()
        taken = self._written_bytes - waiting
        if waiting == 0 or taken > self._taken_bytes:
            self._progress_at = now
        self._taken_bytes = taken
        return waiting


class Broadcast:
    """One stream. Used in the event loop's thread alone; `now` is monotonic, in seconds."""

    def __init__(
        self,
        *,
        bitrate_kbps: int,
        now: Callable[[], float],
        name: str = "Earshot",
        title: str = "",
        framing: Framing = FRAMINGS[Format.MP3],
        max_listeners: int = 1,
        tally: Tally | None = None,
    ) -> None:
        self.bitrate_kbps = bitrate_kbps
        self.framing = framing
        self.burst_seconds = burst_seconds(framing, bitrate_kbps)
        self.name = name
        self._title = title
        self._now = now
        self._max_listeners = max_listeners
        self._tally = tally or Tally()
        self._listeners: list[Listener] = []
        # One more than the burst's ticks: an encoder holds back a little of each.
        self._recent: deque[bytes] = deque(maxlen=burst_ticks(framing, bitrate_kbps) + 1)
        self._published_at = -math.inf
        self.is_closed = False

    @property
    def most_waiting_bytes(self) -> int:
        """What a listener may leave unread before sound is lost to them: the burst, and a little."""
        return round(self.bitrate_kbps * 125 * (self.burst_seconds + WAITING_SECONDS))

    @property
    def listeners(self) -> int:
        """How many are connected."""
        return len(self._listeners)

    @property
    def has_listeners(self) -> bool:
        return bool(self._listeners)

    @property
    def is_reading(self) -> bool:
        """Whether anybody has taken sound during the last 2 s. While nobody does, nothing need be rendered."""
        now = self._now()
        # Each is asked, also after the first who reads: asking is how their progress is noted.
        reading = [listener.is_reading(now) for listener in self._listeners]
        return any(reading)

    def publish(self, chunk: bytes) -> None:
        """A tick's whole frames or pages, to everybody and to the burst of those who come. Never waits."""
        if not chunk:
            return
        now = self._now()
        self._forget_the_past(now)
        self._published_at = now
        self._recent.append(chunk)
        for listener in self._listeners:
            listener.offer(chunk, now)

    def set_title(self, title: str) -> None:
        """What players that ask for titles show from their next block on."""
        self._title = title
        for listener in self._listeners:
            listener.tell(title)

    def attach(self, outlet: Outlet, *, wants_titles: bool = False, is_probe: bool = False) -> Listener:
        """Begin with the burst, then live; whoever has to give way goes then. Ask `is_closed` before."""
        weaver = TitleWeaver(self._title) if wants_titles and self.framing.has_titles else None
        now = self._now()
        listener = Listener(
            outlet,
            self.framing.strand(),
            weaver,
            now,
            most_waiting_bytes=self.most_waiting_bytes,
            tally=self._tally,
            is_probe=is_probe,
        )
        self._forget_the_past(now)
        held_seconds = min(len(self._recent) * TICK_SECONDS, self.burst_seconds)
        listener.burst(self.framing.burst(self._recent, self.burst_seconds), held_seconds, now)
        leaving = self._giving_way(listener)
        self._listeners.append(listener)
        for old in leaving:
            self._tally.replaced += 1
            self.detach(old)
            old.close()
        return listener

    def detach(self, listener: Listener) -> None:
        """Nothing happens when the listener has gone already."""
        if listener in self._listeners:
            self._listeners.remove(listener)

    def close(self) -> None:
        """The stream has ended: what waits is still sent, then the connections close."""
        self.is_closed = True
        for listener in self._listeners:
            listener.close()

    def _giving_way(self, newcomer: Listener) -> list[Listener]:
        """Who listens no more: a probe takes the place of another probe alone, the newest listener anybody's."""
        probes = [listener for listener in self._listeners if listener.is_probe]
        if newcomer.is_probe:
            return probes
        players = [listener for listener in self._listeners if not listener.is_probe]
        return [*probes, *players[: max(0, len(players) + 1 - self._max_listeners)]]

    def _forget_the_past(self, now: float) -> None:
        if now - self._published_at > STALE_SECONDS:
            self._recent.clear()
