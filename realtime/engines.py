"""How the engines do: what each says of itself once a second, and which of them says nothing any more."""

import asyncio
import math
from collections.abc import AsyncGenerator, Callable, Collection, Hashable, Sequence
from dataclasses import asdict, replace
from datetime import UTC, datetime
from functools import partial
from weakref import WeakKeyDictionary

from backend.bus.cursor import Cursor
from backend.bus.events import EngineReported
from backend.database import threads
from backend.errors import NotPermitted
from backend.journal.queries import BEGINNING
from backend.resources.viewer import Viewer
from realtime import hub, sight
from realtime.happening import Happening, refusal_of
from realtime.lines import Ear, Stop
from realtime.news import EngineStatus, Refused
from realtime.sight import Rights
from realtime.timers import Clock, Later

EVERY_SECONDS = 1.0
# An engine that has not been heard for so long is silent.
SILENT_SECONDS = 5.0
# It is forgotten, at last; another has come in its place.
FORGET_SECONDS = 600.0
MOST_ENGINES = 1_000


class Engines:
    """All that have been heard; belongs to one event loop, and hears the bus until that is closed."""

    def __init__(self, source: hub.Hub, clock: Clock) -> None:
        self._clock = clock
        self._newest: dict[str, EngineStatus] = {}
        self._told_at: dict[str, float] = {}
        # When to tell the newest of an engine, or that it is silent, or to forget it.
        self._later: dict[str, Later] = {}
        self._serial = 0
        self._ears: dict[object, Ear] = {}
        source.listen(EngineReported, self._hear)

    @property
    def serial(self) -> int:
        """Of what was told last."""
        return self._serial

    def listen(self, ear: Ear) -> Stop:
        """Call `ear` with every status from now on."""
        key = object()
        self._ears[key] = ear
        return lambda: self._ears.pop(key, None) and None

    def snapshot(self) -> list[Happening]:
        """What each said last."""
        return [self._happening(each) for each in self._newest.values()]

    def _hear(self, event: EngineReported) -> None:
        engine_id = event.engine_id
        if engine_id not in self._newest and len(self._newest) >= MOST_ENGINES:
            return
        self._newest[engine_id] = _status(event)
        due = self._told_at.get(engine_id, -math.inf) + EVERY_SECONDS
        if due <= self._clock.time():
            self._tell(engine_id)
        else:
            self._wait(engine_id, due, self._tell)

    def _tell(self, engine_id: str) -> None:
        self._told_at[engine_id] = self._clock.time()
        self._say(self._newest[engine_id])
        self._wait(engine_id, self._clock.time() + SILENT_SECONDS, self._fall_silent)

    def _fall_silent(self, engine_id: str) -> None:
        self._newest[engine_id] = replace(self._newest[engine_id], is_silent=True)
        self._say(self._newest[engine_id])
        self._wait(engine_id, self._clock.time() + FORGET_SECONDS, self._forget)

    def _forget(self, engine_id: str) -> None:
        del self._newest[engine_id], self._told_at[engine_id], self._later[engine_id]

    def _wait(self, engine_id: str, until: float, act: Callable[[str], None]) -> None:
        if engine_id in self._later:
            self._later[engine_id].cancel()
        self._later[engine_id] = self._clock.call_at(until, partial(act, engine_id))

    def _say(self, status: EngineStatus) -> None:
        self._serial += 1
        for ear in list(self._ears.values()):
            ear(self._happening(status))

    def _happening(self, status: EngineStatus) -> Happening:
        return Happening(status, BEGINNING, datetime.now(UTC), self._serial)


class EngineFeed:
    """Of all engines, for staff."""

    key: Hashable = ("engines",)

    def __init__(self, engines: Engines) -> None:
        self._engines = engines

    @property
    def position(self) -> tuple[Cursor, int]:
        """See Feed. No log holds it."""
        return BEGINNING, self._engines.serial

    def listen(self, ear: Ear) -> Stop:
        """See Feed."""
        return self._engines.listen(ear)

    def snapshot(self) -> list[Happening]:
        """See Feed."""
        return self._engines.snapshot()

    def anew(self) -> list[Happening]:
        """See Feed."""
        return self.snapshot()

    async def history(self, after: Cursor) -> AsyncGenerator[list[Happening], None]:
        """There is none: all begin with how things are."""
        yield self.snapshot()

    def seen(self, happenings: Sequence[Happening], viewer: Viewer) -> list[Happening]:
        """See Feed. Whoever is not of the staff any more is told so."""
        return [*happenings] if viewer.is_staff else refusal_of(happenings, _not_permitted())

    def concerned(self, happenings: Sequence[Happening], rights: Rights) -> Collection[int | None]:
        """See Feed. To all."""
        return rights.keys()

    def is_last(self, happening: Happening) -> bool:
        """See Feed."""
        return isinstance(happening.event, Refused)

    def close(self) -> None:
        """It keeps nothing."""


async def engine_feed(viewer: Viewer) -> EngineFeed:
    """How all engines do. Raises NotPermitted for those who are not staff."""
    if not (await threads.run(partial(sight.as_of_now, viewer))).is_staff:
        raise _not_permitted()
    return EngineFeed(current())


def _not_permitted() -> NotPermitted:
    return NotPermitted("How the engines do is shown to staff.")


def _status(event: EngineReported) -> EngineStatus:
    facts = asdict(event)
    return EngineStatus(reported_at=facts.pop("at"), is_silent=False, **facts)


_engines: WeakKeyDictionary[hub.Hub, Engines] = WeakKeyDictionary()


def current() -> Engines:
    """Those that the running event loop's hub has heard of, since the first call."""
    source = hub.current()
    if source not in _engines:
        _engines[source] = Engines(source, asyncio.get_running_loop())
    return _engines[source]
