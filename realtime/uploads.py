"""How far an upload is: as its row says, whenever the bus says that it has changed, and now and then."""

import asyncio
import contextlib
import logging
from collections.abc import AsyncGenerator, Collection, Hashable, Sequence
from datetime import UTC, datetime
from functools import partial
from uuid import UUID

from backend.assets.models import AssetUpload, UploadState
from backend.assets.resources import ASSET_UPLOAD
from backend.bus.cursor import Cursor
from backend.bus.events import UploadChanged
from backend.database import threads
from backend.errors import NotFound
from backend.ids import AssetId, UploadId
from backend.journal.queries import BEGINNING
from backend.resources.viewer import Viewer
from realtime import hub
from realtime.happening import Happening, refusal_of
from realtime.lines import Ear, Stop
from realtime.news import Refused, UploadProgress
from realtime.sight import Rights

log = logging.getLogger(__name__)

# A word that the bus has lost is found in the row so soon.
LOOK_SECONDS = 3.0
# One that was announced by its id begins so soon, or there is none: a file on its way has no row yet.
BEGINS_WITHIN_SECONDS = 600.0
ENDED = frozenset({UploadState.STORED, UploadState.FAILED})


class UploadFeed:
    """Of one upload, until it is stored or has failed; belongs to one event loop. It need not have begun."""

    def __init__(self, upload_id: UploadId, source: hub.Hub) -> None:
        self._upload_id = upload_id
        self._progress: UploadProgress | None = None
        self._serial = 0
        self._ears: dict[object, Ear] = {}
        self._news = asyncio.Event()
        self._stop_listening = source.listen(UploadChanged, self._hear)
        self._reading: asyncio.Task[None] | None = None
        self._begins_before = asyncio.get_running_loop().time() + BEGINS_WITHIN_SECONDS

    def begin(self, row: AssetUpload | None) -> None:
        """As its row tells it."""
        self._progress = None if row is None else _progress(row)
        self._reading = asyncio.create_task(self._read_on())

    @property
    def key(self) -> Hashable:
        """See Feed."""
        return "upload", self._upload_id

    @property
    def position(self) -> tuple[Cursor, int]:
        """See Feed. No log holds it."""
        return BEGINNING, self._serial

    def listen(self, ear: Ear) -> Stop:
        """See Feed."""
        key = object()
        self._ears[key] = ear
        return lambda: self._ears.pop(key, None) and None

    def snapshot(self) -> list[Happening]:
        """See Feed."""
        return [] if self._progress is None else [self._happening(self._progress)]

    def anew(self) -> list[Happening]:
        """See Feed."""
        return self.snapshot()

    async def history(self, after: Cursor) -> AsyncGenerator[list[Happening], None]:
        """There is none: all begin with how things are."""
        yield self.snapshot()

    def seen(self, happenings: Sequence[Happening], viewer: Viewer) -> list[Happening]:
        """See Feed. Of one that is gone, or not theirs to see any more, they are told so."""
        if ASSET_UPLOAD.rows(viewer).filter(pk=self._upload_id).exists():
            return [*happenings]
        return refusal_of(happenings, NotFound("Asset upload not found.", field="id"))

    def concerned(self, happenings: Sequence[Happening], rights: Rights) -> Collection[int | None]:
        """See Feed. To all."""
        return rights.keys()

    def is_last(self, happening: Happening) -> bool:
        """See Feed."""
        event = happening.event
        return isinstance(event, Refused) or (isinstance(event, UploadProgress) and event.state in ENDED)

    def close(self) -> None:
        """See Feed."""
        self._stop_listening()
        if self._reading is not None:
            self._reading.cancel()

    def _hear(self, event: UploadChanged) -> None:
        if event.upload_id == self._upload_id:
            self._news.set()

    async def _read_on(self) -> None:
        while True:
            try:
                async with asyncio.timeout(LOOK_SECONDS):
                    await self._news.wait()
            except TimeoutError:
                pass
            self._news.clear()
            await self._look()

    async def _look(self) -> None:
        try:
            row = await threads.run(AssetUpload.objects.filter(pk=self._upload_id).first)
        except Exception:
            log.exception("How far upload %s is could not be read; once more soon.", self._upload_id)
            return
        progress = None if row is None else _progress(row)
        is_late = asyncio.get_running_loop().time() > self._begins_before
        if progress != self._progress or (progress is None and is_late):
            self._tell(progress or Refused(NotFound("Asset upload not found.", field="id")))
        self._progress = progress

    def _tell(self, news: UploadProgress | Refused) -> None:
        self._serial += 1
        for ear in list(self._ears.values()):
            ear(self._happening(news))

    def _happening(self, news: UploadProgress | Refused) -> Happening:
        return Happening(news, BEGINNING, datetime.now(UTC), self._serial)


async def upload_feed(upload_id: object, viewer: Viewer) -> UploadFeed:
    """Of an upload that the viewer may see, or of one that has not begun. Raises NotFound."""
    key, _ = await threads.run(partial(_find, upload_id, viewer))
    feed = UploadFeed(key, hub.current())
    try:
        # Read again, now that no change is missed.
        _, row = await threads.run(partial(_find, key, viewer))
        feed.begin(row)
    except BaseException:
        feed.close()
        raise
    return feed


def _find(upload_id: object, viewer: Viewer) -> tuple[UploadId, AssetUpload | None]:
    try:
        row = ASSET_UPLOAD.find(upload_id, viewer, field="id")
    except NotFound:
        unused = None if viewer.id is None else _unused(upload_id)
        if unused is None:
            raise
        return unused, None
    return UploadId(str(row.pk)), row


def _unused(upload_id: object) -> UploadId | None:
    """An id that an upload may come to have."""
    with contextlib.suppress(ValueError):
        key = UUID(str(upload_id))
        return None if AssetUpload.objects.filter(pk=key).exists() else UploadId(str(key))
    return None


def _progress(row: AssetUpload) -> UploadProgress:
    asset_id = None if row.asset_id is None else AssetId(row.asset_id)
    return UploadProgress(UploadId(str(row.pk)), str(row.state), row.error_code, row.error_message, asset_id)
