"""Who may see which event: the rules that reads follow, asked for every event. For database threads."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import cached_property

from backend.accounts.models import User
from backend.assets.models import Asset
from backend.assets.resources import ASSET
from backend.bus.events import AssetAdded, AssetChanged, AssetRemoved, SoundscapeChanged, StreamClosed, StreamEvent
from backend.ids import AssetId, ProjectId, StreamId
from backend.listening.models import Stream
from backend.listening.resources import STREAM
from backend.projects.models import Project
from backend.projects.ownership import may_edit
from backend.projects.resources import PROJECT
from backend.resources.viewer import ANONYMOUS, Caller, Viewer
from backend.visits.ownership import of_visits_seen
from realtime.happening import Happening, Lagged, Told

# Several who ask, each with the rights of this moment, by the id that they ask under.
Rights = Mapping[int | None, Viewer]
# SQLite takes no more in one statement than some ten thousand.
MOST_AT_ONCE = 5_000


def as_of_now(viewer: Viewer) -> Viewer:
    """The viewer with the rights of this moment: a subscription may be older than they are."""
    return as_they_are_now([viewer])[viewer.id]


def as_they_are_now(viewers: Iterable[Viewer]) -> dict[int | None, Viewer]:
    """The same of several, by their ids."""
    rights: dict[int | None, Viewer] = dict.fromkeys((each.id for each in viewers), ANONYMOUS)
    ids = [key for key in rights if key is not None]
    for start in range(0, len(ids), MOST_AT_ONCE):
        known = User.objects.filter(pk__in=ids[start : start + MOST_AT_ONCE], is_active=True)
        rights |= {key: Caller(key, is_staff) for key, is_staff in known.values_list("pk", "is_staff")}
    return rights


def stream_events_seen(happenings: Sequence[Happening], viewer: Viewer) -> list[Happening]:
    """What somebody follows of one stream: its listener's, and the staff's."""
    ids = {each.event.stream_id for each in happenings if isinstance(each.event, StreamEvent)}
    seen = {str(key) for key in STREAM.rows(viewer).filter(pk__in=ids).values_list("pk", flat=True)}
    return [each for each in happenings if isinstance(each.event, Lagged) or _stream_of(each) in seen]


def project_events_seen(happenings: Sequence[Happening], viewer: Viewer) -> list[Happening]:
    """What somebody follows of a project: visits they see, assets they see, and what concerns all."""
    sight = _Sight(happenings, viewer)
    return [shown for each in happenings if (shown := sight.of(each)) is not None]


def concerned(happenings: Sequence[Happening], rights: Rights) -> set[int | None]:
    """To whom of these it may make a difference who they are; the others see what nobody known sees.

    It spares questions and answers none: what listeners, contributors, owners and staff see is asked as ever.
    """
    events = [each.event for each in happenings]
    users: set[int | None] = {key for key, viewer in rights.items() if viewer.is_staff}
    users |= {each.user_id for each in events if isinstance(each, AssetRemoved)}
    projects: set[int | None] = {getattr(each, "project_id", None) for each in events}
    streams = Stream.objects.filter(pk__in={each.stream_id for each in events if isinstance(each, StreamEvent)})
    for user, project in streams.values_list("session__user", "session__project"):
        users, projects = users | {user}, projects | {project}
    assets = Asset.objects.filter(
        pk__in={each.asset_id for each in events if isinstance(each, AssetAdded | AssetChanged)}
    )
    for user, visitor, project in assets.values_list("user", "session__user", "project"):
        users, projects = users | {user, visitor}, projects | {project}
    users |= set(Project.owners.through.objects.filter(project__in=projects - {None}).values_list("user", flat=True))
    return (users - {None}) & rights.keys()


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
        self._others = {
            each.project_id for each in events if isinstance(each, SoundscapeChanged | AssetChanged | AssetRemoved)
        }

    @cached_property
    def _projects(self) -> set[int]:
        """Those that the viewer may see; most changes are of assets that are seen, and need no such question."""
        return set(PROJECT.rows(self._viewer).filter(pk__in=self._others).values_list("pk", flat=True))

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
            case StreamClosed(stream_id, project_id):
                # One that was deleted has no row; its project's owners saw it.
                return stream_id in self._streams or may_edit(self._viewer, project_id)
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


def may_watch(viewer: Viewer, project_id: ProjectId) -> bool:
    """Whether somebody may see who listens in a project, and where: its owners, and staff."""
    return may_edit(viewer, project_id)
