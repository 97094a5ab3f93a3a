"""When the engine works: absolute deadlines on the monotonic clock, and the fake for tests."""

import asyncio
import math
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Protocol

# Within this many ticks, 1.9 s, the players' own buffers hide that we are late: a burst is 2 s or more. Beyond, the
# past is not worth sounding. What is skipped is missing in those buffers for good: two hiccups of a second empty them.
CATCH_UP_TICKS = 9
# The load follows the last few ticks (5: about a second).
LOAD_SMOOTHING = 0.2
# A tick that begins later than this share of itself is counted as late.
LATE_SHARE = 0.1


class Clock(Protocol):
    """Time in seconds that never goes back; its zero means nothing."""

    def now(self) -> float: ...

    async def sleep_until(self, deadline: float) -> None:
        """Return at or after the deadline; lets others run also when it has passed."""


class MonotonicClock:
    """The real one."""

    def now(self) -> float:
        return time.monotonic()

    async def sleep_until(self, deadline: float) -> None:
        await asyncio.sleep(max(0.0, deadline - self.now()))


class FakeClock:
    """Stands still until a test advances it; a sleep moves it to its deadline at once. `naps` are the sleeps."""

    def __init__(self, now: float = 0.0) -> None:
        self._now = now
        self.naps: list[float] = []

    def now(self) -> float:
        return self._now

    def advance(self, seconds: float) -> None:
        self._now += seconds

    async def sleep_until(self, deadline: float) -> None:
        nap = max(0.0, deadline - self._now)
        self.naps.append(nap)
        self._now += nap
        await asyncio.sleep(0)


@dataclass(frozen=True, slots=True)
class Tick:
    """One beat: its number since the start, when it was due, and how many before it were given up."""

    number: int
    deadline: float
    skipped: int


@dataclass(frozen=True, slots=True)
class Timetable:
    """Tick n is due at start + n * tick_seconds, however late the one before was."""

    start: float
    tick_seconds: float

    def tick_after(self, number: int, *, now: float) -> Tick:
        """The next tick to render: the following one if there is hope to catch up, else the one that is due now."""
        following = number + 1
        late_ticks = (now - self.start) / self.tick_seconds - following
        skipped = math.floor(late_ticks) if late_ticks >= CATCH_UP_TICKS else 0
        live = following + skipped
        return Tick(live, self.start + live * self.tick_seconds, skipped)


@dataclass(slots=True)
class BeatTally:
    """How the beat has gone since its start."""

    ticks: int = 0
    late: int = 0
    skipped: int = 0
    work_seconds: float = 0.0


class Beat:
    """Paces the engine; `load` is the share of the time that the work takes, smoothed: 1.0 is all of it."""

    def __init__(self, clock: Clock, *, tick_seconds: float) -> None:
        self._clock = clock
        self._tick_seconds = tick_seconds
        self.load = 0.0
        self.tally = BeatTally()

    async def ticks(self) -> AsyncIterator[Tick]:
        """Endless, the first at once. What the caller does with a tick before it asks for the next is its work."""
        timetable = Timetable(self._clock.now(), self._tick_seconds)
        number = -1
        while True:
            tick = timetable.tick_after(number, now=self._clock.now())
            await self._clock.sleep_until(tick.deadline)
            begun = self._clock.now()
            self._note_begin(tick, begun)
            yield tick
            self._note_work(self._clock.now() - begun)
            number = tick.number

    def _note_begin(self, tick: Tick, begun: float) -> None:
        self.tally.ticks += 1
        self.tally.skipped += tick.skipped
        self.tally.late += begun - tick.deadline > LATE_SHARE * self._tick_seconds

    def _note_work(self, seconds: float) -> None:
        self.tally.work_seconds += seconds
        self.load += LOAD_SMOOTHING * (seconds / self._tick_seconds - self.load)
