"""Who may see which event: the rules that reads follow, asked for every event. For database threads."""

from collections.abc import Collection, Sequence
from dataclasses import replace

from backend.accounts.models import User
from backend.assets.resources import ASSET
from backend.bus.events import AssetAdded, AssetChanged, AssetRemoved, SoundscapeChanged, StreamEvent
from backend.ids import AssetId, ProjectId, StreamId
from backend.listening.models import Stream
from backend.listening.resources import STREAM
from backend.projects.ownership import may_edit
from backend.projects.resources import PROJECT
from backend.resources.viewer import ANONYMOUS, Caller, Viewer
from backend.visits.ownership import of_visits_seen
from realtime.happening import Happening, Lagged, Told


def as_of_now(viewer: Viewer) -> Viewer:
    """The viewer with the rights of this moment: a subscription may be older than they are."""
    if viewer.id is None:
        return ANONYMOUS
    row = User.objects.filter(pk=viewer.id, is_active=True).values_list("is_staff", flat=True).first()
    return ANONYMOUS if row is None else Caller(viewer.id, row)


def stream_events_seen(happenings: Sequence[Happening], viewer: Viewer) -> list[Happening]:
    """What somebody follows of one stream: its listener's, and the staff's."""
    ids = {each.event.stream_id for each in happenings if isinstance(each.event, StreamEvent)}
    seen = {str(key) for key in STREAM.rows(viewer).filter(pk__in=ids).values_list("pk", flat=True)}
    return [each for each in happenings if isinstance(each.event, Lagged) or _stream_of(each) in seen]


def project_events_seen(happenings: Sequence[Happening], viewer: Viewer) -> list[Happening]:
    """What somebody follows of a project: visits they see, assets they see, and what concerns all."""
    sight = _Sight(happenings, viewer)
    return [shown for each in happenings if (shown := sight.of(each)) is not None]


def _stream_of(happening: Happening) -> StreamId | None:
    return happening.event.stream_id if isinstance(happening.event, StreamEvent) else None


class _Sight:
    """What one viewer sees of some happenings of one project, by one question for each kind of row."""

    def __init__(self, happenings: Sequence[Happening], viewer: Viewer) -> None:
        events = [each.event for each in happenings]
        self._viewer = viewer
        self._streams = _visible_streams({each.stream_id for each in events if isinstance(each, StreamEvent)}, viewer)
        self._assets = _visible_assets(
            {each.asset_id for each in events if isinstance(each, AssetAdded | AssetChanged)}, viewer
        )
        others = {
            each.project_id for each in events if isinstance(each, SoundscapeChanged | AssetChanged | AssetRemoved)
        }
        self._projects = (
            set(PROJECT.rows(viewer).filter(pk__in=others).values_list("pk", flat=True)) if others else set()
        )

    def of(self, happening: Happening) -> Happening | None:
        """As the viewer may know it; None for what does not concern them."""
        event = happening.event
        if isinstance(event, AssetChanged):
            return self._of_changed(happening, event)
        return happening if self._is_seen(event) else None

    def _is_seen(self, event: Told) -> bool:
        match event:
            case Lagged():
                return True
            case AssetAdded(asset_id=asset_id):
                return asset_id in self._assets
            case AssetRemoved():
                return self._knew(event)
            case SoundscapeChanged(project_id):
                return project_id in self._projects
        return isinstance(event, StreamEvent) and event.stream_id in self._streams

    def _of_changed(self, happening: Happening, event: AssetChanged) -> Happening | None:
        if event.asset_id in self._assets:
            return happening
        if not event.was_public or event.project_id not in self._projects:
            return None
        # To this viewer it is gone.
        return replace(happening, event=AssetRemoved(event.project_id, event.asset_id, None, None, was_public=True))

    def _knew(self, event: AssetRemoved) -> bool:
        if event.was_public and event.project_id in self._projects:
            return True
        is_own = event.user_id is not None and event.user_id == self._viewer.id
        return is_own or may_edit(self._viewer, event.project_id)


def _visible_streams(ids: Collection[StreamId], viewer: Viewer) -> set[str]:
    if not ids:
        return set()
    rows = of_visits_seen("session__")(Stream.objects.filter(pk__in=ids), viewer)
    return {str(key) for key in rows.values_list("pk", flat=True)}


def _visible_assets(ids: Collection[AssetId], viewer: Viewer) -> set[int]:
    return set(ASSET.rows(viewer).filter(pk__in=ids).values_list("pk", flat=True)) if ids else set()


def _visible_projects(ids: Collection[ProjectId], viewer: Viewer) -> set[int]:
    return set(PROJECT.rows(viewer).filter(pk__in=ids).values_list("pk", flat=True)) if ids else set()


def may_watch(viewer: Viewer, project_id: ProjectId) -> bool:
    """Whether somebody may see who listens in a project, and where: its owners, and staff."""
    return may_edit(viewer, project_id)
