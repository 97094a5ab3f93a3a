"""Who listens in a project now: first all of them, then who comes, moves, hears something else, and goes."""

import asyncio
import math
from collections.abc import AsyncGenerator, Collection, Hashable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial

from backend.bus.cursor import Cursor
from backend.bus.events import SpeakerGain
from backend.database import threads
from backend.errors import InvalidInput, NotPermitted
from backend.geo.grid import on_grid
from backend.geo.regions import Box
from backend.ids import ProjectId, StreamId
from backend.projects.queries import project as find_project
from backend.resources.viewer import Viewer
from realtime import crowd as crowds
from realtime import sight
from realtime.crowd import Crowd
from realtime.happening import Happening, refusal_of
from realtime.lines import Ear, Stop
from realtime.news import (
    ListenerJoined,
    ListenerLeft,
    ListenersMoved,
    ListenersSnapshot,
    News,
    NowPlaying,
    PresentListener,
    Refused,
)
from realtime.present import Present
from realtime.sight import Rights
from realtime.timers import Clock, Later

LEAST_SECONDS, MOST_SECONDS = 0.2, 60.0
# Where positions are not exact, gains are told in steps of so much: within a zone's fade they are a position, too.
GAIN_STEP = 0.25


class PresenceFeed:
    """Those in a box, or all; belongs to one event loop.

    Moves are told together, and at most once in `every` seconds; who begins or ends to listen, at once. In and out of
    the box goes whoever does so on the project's grid: an exact way can not be read from it.
    """

    def __init__(self, crowd: Crowd, box: Box | None, every: float, clock: Clock) -> None:
        self._crowd = crowd
        self._box = box
        self._every = every
        self._clock = clock
        self._ears: dict[object, Ear] = {}
        self._serial = 0
        self._changed: set[StreamId] = set()
        self._told_at = -math.inf
        self._telling: Later | None = None
        # As it was told last.
        self._shown = {key: seen for key in crowd.here if (seen := self._seen_at(key)) is not None}
        crowd.join(self)

    @property
    def key(self) -> Hashable:
        """See Feed."""
        return "presence", self._project_id, self._box, self._every

    @property
    def position(self) -> tuple[Cursor, int]:
        """See Feed."""
        return self._crowd.line.cursor, self._serial

    def listen(self, ear: Ear) -> Stop:
        """See Feed."""
        key = object()
        self._ears[key] = ear
        return lambda: self._ears.pop(key, None) and None

    def snapshot(self) -> list[Happening]:
        """See Feed."""
        return [self._happening(ListenersSnapshot(tuple(self._shown.values())))]

    def anew(self) -> list[Happening]:
        """See Feed."""
        return self.snapshot()

    async def history(self, after: Cursor) -> AsyncGenerator[list[Happening], None]:
        """There is none: all begin with how things are."""
        yield self.snapshot()

    def seen(self, happenings: Sequence[Happening], viewer: Viewer) -> list[Happening]:
        """See Feed. Whoever may not watch any more is told so."""
        if sight.may_watch(viewer, self._project_id):
            return [*happenings]
        return refusal_of(happenings, _not_permitted())

    def concerned(self, happenings: Sequence[Happening], rights: Rights) -> Collection[int | None]:
        """See Feed. To all."""
        return rights.keys()

    def is_last(self, happening: Happening) -> bool:
        """See Feed."""
        return isinstance(happening.event, Refused)

    def close(self) -> None:
        """See Feed."""
        if self._telling is not None:
            self._telling.cancel()
        self._crowd.leave(self)
        crowds.current().give_back(self._crowd)

    def came_or_went(self, stream_id: StreamId) -> None:
        """See Onlooker."""
        self._changed.discard(stream_id)
        self._look_at(stream_id)

    def changed(self, stream_ids: Collection[StreamId]) -> None:
        """See Onlooker."""
        self._changed.update(stream_ids)
        if self._changed and self._telling is None:
            due = max(self._clock.time(), self._told_at + self._every)
            self._telling = self._clock.call_at(due, self._tell_changes)

    @property
    def _project_id(self) -> ProjectId:
        return self._crowd.line.project_id

    def _tell_changes(self) -> None:
        self._telling, self._told_at = None, self._clock.time()
        changed, self._changed = self._changed, set()
        moved = [seen for stream_id in changed if (seen := self._look_at(stream_id)) is not None]
        if moved:
            self._tell(ListenersMoved(tuple(moved)))

    def _look_at(self, stream_id: StreamId) -> PresentListener | None:
        """Tells whether this one has come or gone; gives it when it is still there, and something has changed."""
        was, now = self._shown.get(stream_id), self._seen_at(stream_id)
        if now is None:
            if self._shown.pop(stream_id, None) is not None:
                self._tell(ListenerLeft(stream_id))
            return None
        self._shown[stream_id] = now
        if was is None:
            self._tell(ListenerJoined(now))
            return None
        return now if now != was else None

    def _seen_at(self, stream_id: StreamId) -> PresentListener | None:
        present = self._crowd.here.get(stream_id)
        if present is None:
            return None
        seen = _as_shown(stream_id, present, precision_metres=self._crowd.precision_metres)
        is_inside = self._box is None or (seen.position is not None and self._box.contains(seen.position))
        return seen if is_inside else None

    def _tell(self, news: News) -> None:
        self._serial += 1
        for ear in list(self._ears.values()):
            ear(self._happening(news))

    def _happening(self, news: News) -> Happening:
        return Happening(news, self._crowd.line.cursor, datetime.now(UTC), self._serial)


async def presence_feed(
    project_id: object, viewer: Viewer, *, box: Box | None = None, every: float = 1.0, clock: Clock | None = None
) -> PresenceFeed:
    """Who listens in a project, for its owners and staff. `every` is the least time between moves, in seconds.

    Raises NotFound, NotPermitted, InvalidInput (every).
    """
    if not LEAST_SECONDS <= every <= MOST_SECONDS:
        raise InvalidInput(f"From {LEAST_SECONDS} to {MOST_SECONDS:g} seconds.", field="every")
    key = await threads.run(partial(_watchable, project_id, viewer))
    crowd = await crowds.current().take(key)
    return PresenceFeed(crowd, box, every, clock or asyncio.get_running_loop())


def _watchable(project_id: object, viewer: Viewer) -> ProjectId:
    key = ProjectId(find_project(project_id, viewer).pk)
    if not sight.may_watch(sight.as_of_now(viewer), key):
        raise _not_permitted()
    return key


def _not_permitted() -> NotPermitted:
    return NotPermitted("Who listens is shown to the project's owners.")


def _as_shown(stream_id: StreamId, present: Present, *, precision_metres: float) -> PresentListener:
    moved, gains = present.moved, present.gains
    return PresentListener(
        stream_id,
        None if moved is None else on_grid(moved.position, precision_metres),
        None if moved is None else moved.heading,
        present.paused is not None,
        present.out_of_range is not None,
        tuple(NowPlaying(each.play_id, each.asset_id, each.started_at) for each in present.playing(datetime.now(UTC))),
        () if gains is None else _as_exact(gains.gains, precision_metres),
    )


def _as_exact(gains: Sequence[SpeakerGain], precision_metres: float) -> tuple[SpeakerGain, ...]:
    """The next step above, so that what is heard is not told as silent."""
    if not precision_metres:
        return tuple(gains)
    return tuple(replace(each, gain=math.ceil(each.gain / GAIN_STEP) * GAIN_STEP) for each in gains)
