"""What can be followed: a stream, a project, its assets."""

from collections.abc import AsyncGenerator, Collection, Hashable, Sequence
from datetime import UTC, datetime
from functools import partial
from typing import Protocol

from backend.bus.cursor import Cursor
from backend.bus.events import AssetAdded, AssetChanged, AssetRemoved, Conflated, Event, StreamClosed, StreamEvent
from backend.database import threads
from backend.errors import NotFound
from backend.ids import ProjectId, StreamId
from backend.journal import queries as journal
from backend.journal.queries import Missed, Recorded
from backend.listening.models import Stream
from backend.listening.queries import stream as find_stream
from backend.projects.queries import project as find_project
from backend.resources.viewer import Viewer
from realtime import hub, sight
from realtime.happening import Happening, Lagged, refusal_of
from realtime.lines import Ear, Line, Stop
from realtime.news import Refused
from realtime.present import Present, as_stored
from realtime.sight import Rights

PAGE = 200


class Feed(Protocol):
    """A source of happenings. It was opened, and its first visibility asked for, by whoever gives it."""

    @property
    def key(self) -> Hashable:
        """Feeds of one key tell the same."""

    @property
    def position(self) -> tuple[Cursor, int]:
        """The cursor and the serial of what was told last."""

    def listen(self, ear: Ear) -> Stop:
        """Call `ear` with everything after this position."""

    def snapshot(self) -> list[Happening]:
        """What brings a newcomer to this position."""

    def anew(self) -> list[Happening]:
        """As `snapshot`, for a follower who has lost some of what no log holds; nothing where a log holds it."""

    def history(self, after: Cursor) -> AsyncGenerator[list[Happening], None]:
        """What happened after `after`, up to the position at the time of the call, page by page."""

    def seen(self, happenings: Sequence[Happening], viewer: Viewer) -> list[Happening]:
        """Those that the viewer may see. For database threads."""

    def concerned(self, happenings: Sequence[Happening], rights: Rights) -> Collection[int | None]:
        """To whom of these it may make a difference who they are; to the others all is as to nobody known.

        For database threads.
        """

    def is_last(self, happening: Happening) -> bool:
        """Whether nothing comes after it."""

    def close(self) -> None:
        """Nobody asks it for anything any more."""


class ProjectFeed:
    """All that is logged of a project, or events of some kinds."""

    def __init__(self, line: Line, kinds: Collection[type] | None = None) -> None:
        self._line = line
        self._kinds = frozenset(kinds) if kinds is not None else None

    @property
    def key(self) -> Hashable:
        """See Feed."""
        return "project", self._line.project_id, self._kinds

    @property
    def position(self) -> tuple[Cursor, int]:
        """See Feed."""
        return self._line.cursor, self._line.serial

    def listen(self, ear: Ear) -> Stop:
        """See Feed."""
        return self._line.listen(lambda happening: ear(happening) if self._wants(happening) else None)

    def snapshot(self) -> list[Happening]:
        """There is none: read what interests you, `after` a cursor that was read before."""
        return []

    def anew(self) -> list[Happening]:
        """See Feed."""
        return []

    def history(self, after: Cursor) -> AsyncGenerator[list[Happening], None]:
        """See Feed."""
        return self._wanted(_history(self._line, after, *self.position))

    def seen(self, happenings: Sequence[Happening], viewer: Viewer) -> list[Happening]:
        """See Feed."""
        return sight.project_events_seen(happenings, viewer)

    def concerned(self, happenings: Sequence[Happening], rights: Rights) -> Collection[int | None]:
        """See Feed."""
        return sight.concerned(happenings, rights)

    def is_last(self, happening: Happening) -> bool:
        """A project has no end."""
        return False

    def close(self) -> None:
        """It keeps nothing."""

    async def _wanted(self, pages: AsyncGenerator[list[Happening], None]) -> AsyncGenerator[list[Happening], None]:
        async for page in pages:
            yield [each for each in page if self._wants(each)]

    def _wants(self, happening: Happening) -> bool:
        if isinstance(happening.event, Conflated):
            return False
        return self._kinds is None or isinstance(happening.event, Lagged) or type(happening.event) in self._kinds


class StreamFeed:
    """Everything that one stream does, its positions and gains too; it ends with the stream."""

    def __init__(self, line: Line, stream_id: StreamId, newest: Sequence[Event]) -> None:
        self._line = line
        self._stream_id = stream_id
        self._present = Present()
        # Who listens: of a stream that was deleted no row tells it.
        self._listeners: frozenset[int | None] = frozenset()
        self._heard: list[Event] | None = [*newest]
        self._stop_keeping = line.listen(self._keep, stream_id=stream_id)

    def begin(self, row: Stream, past: Sequence[Recorded]) -> None:
        """What was before it listened: its row, and what the log holds of it."""
        self._listeners = frozenset({row.session.user_id} - {None})
        told = self._line.cursor.sequence
        # The log may be ahead of the line, which will tell.
        logged = [each.event for each in past if each.stamp.cursor.sequence <= told]
        heard, self._heard = self._heard or [], None
        for event in (*as_stored(row), *logged, *heard):
            self._present.take(event)

    @property
    def key(self) -> Hashable:
        """See Feed."""
        return "stream", self._stream_id

    @property
    def position(self) -> tuple[Cursor, int]:
        """See Feed."""
        return self._line.cursor, self._line.serial

    def listen(self, ear: Ear) -> Stop:
        """See Feed."""
        return self._line.listen(ear, stream_id=self._stream_id)

    def snapshot(self) -> list[Happening]:
        """See Feed. After the stream's end: that alone."""
        (cursor, serial), now = self.position, datetime.now(UTC)
        return [Happening(event, cursor, now, serial) for event in self._present.events(now)]

    def anew(self) -> list[Happening]:
        """See Feed."""
        return []

    def history(self, after: Cursor) -> AsyncGenerator[list[Happening], None]:
        """See Feed. Where the listener is, and the gains, come last: no log holds them."""
        newest = [each for each in self.snapshot() if isinstance(each.event, Conflated)]
        return _ending_with(newest, _history(self._line, after, *self.position, stream_id=self._stream_id))

    def seen(self, happenings: Sequence[Happening], viewer: Viewer) -> list[Happening]:
        """See Feed. Of one that is deleted the end alone; of one not theirs to see any more they are told so."""
        seen = sight.stream_events_seen(happenings, viewer)
        if not seen and (viewer.is_staff or viewer.id in self._listeners):
            return [each for each in happenings if isinstance(each.event, StreamClosed)]
        return seen or refusal_of(happenings, NotFound("Stream not found.", field="stream_id"))

    def concerned(self, happenings: Sequence[Happening], rights: Rights) -> Collection[int | None]:
        """See Feed."""
        return {*sight.concerned(happenings, rights), *(self._listeners & rights.keys())}

    def is_last(self, happening: Happening) -> bool:
        """See Feed."""
        return isinstance(happening.event, StreamClosed | Refused)

    def close(self) -> None:
        """See Feed."""
        self._stop_keeping()

    def _keep(self, happening: Happening) -> None:
        if not isinstance(happening.event, StreamEvent):
            return
        if self._heard is not None:
            self._heard.append(happening.event)
        else:
            self._present.take(happening.event)


async def stream_feed(stream_id: object, viewer: Viewer) -> StreamFeed:
    """Of a stream that the viewer may see. Raises NotFound."""
    row = await threads.run(partial(find_stream, stream_id, viewer))
    source, key = hub.current(), StreamId(str(row.pk))
    line = await source.line(ProjectId(row.session.project_id or 0))
    feed = StreamFeed(line, key, source.newest_of(key))
    try:
        feed.begin(*await threads.run(partial(_past_of, key, viewer)))
    except BaseException:
        feed.close()
        raise
    source.want_gains([key])
    return feed


async def project_feed(project_id: object, viewer: Viewer, kinds: Collection[type] | None = None) -> ProjectFeed:
    """Of a project that the viewer may see: what the viewer may see of it. Raises NotFound."""
    row = await threads.run(partial(find_project, project_id, viewer))
    return ProjectFeed(await hub.current().line(ProjectId(row.pk)), kinds)


async def asset_feed(project_id: object, viewer: Viewer) -> ProjectFeed:
    """What becomes of a project's assets. Raises NotFound."""
    return await project_feed(project_id, viewer, (AssetAdded, AssetChanged, AssetRemoved))


def _past_of(stream_id: StreamId, viewer: Viewer) -> tuple[Stream, list[Recorded]]:
    row = find_stream(stream_id, viewer)
    return row, journal.latest(stream_id, limit=PAGE)


async def _ending_with(
    last: list[Happening], pages: AsyncGenerator[list[Happening], None]
) -> AsyncGenerator[list[Happening], None]:
    async for page in pages:
        yield page
    yield last


async def _history(
    line: Line, after: Cursor, upto: Cursor, serial: int, *, stream_id: StreamId | None = None
) -> AsyncGenerator[list[Happening], None]:
    while True:
        missed, page = await threads.run(partial(_page_after, after, line.project_id, upto, stream_id))
        if missed is not None:
            yield [Happening(Lagged(missed.events, None), missed.resume, datetime.now(UTC), serial)]
        yield [Happening(each.event, each.stamp.cursor, each.stamp.at, serial) for each in page]
        # A page that is not full need not be the last: what cannot be read is left out of it.
        if not page or page[-1].stamp.cursor.sequence >= upto.sequence:
            return
        after = page[-1].stamp.cursor


def _page_after(
    after: Cursor, project_id: ProjectId, upto: Cursor, stream_id: StreamId | None
) -> tuple[Missed | None, list[Recorded]]:
    """What is gone of the log, and the next that it holds: while a slow client reads one page, it may lose the next."""
    missed = journal.missed_since(project_id, after)
    begin = after if missed is None else missed.resume
    if begin.sequence >= upto.sequence:
        return missed, []
    page = journal.entries(project_id, after=begin.sequence, upto=upto.sequence, stream_id=stream_id, limit=PAGE)
    return missed, page
