"""Two projects and who is who in them, kept beside the database: what each may know is decided here, by hand."""

from dataclasses import dataclass, field, replace
from typing import Any

from backend.accounts.models import User
from backend.assets.models import Asset
from backend.bus import events
from backend.journal import queries as journal
from backend.listening.models import Stream
from backend.projects.models import Project
from schema.ids import global_id
from tests.cast import INSIDE, make_session, make_user

NOBODY = "nobody"
PEOPLE = ("owner", "contributor", "stranger", "curator", NOBODY)
STREAM_EVENTS = ("StreamPaused", "StreamResumed", "RangeLeft", "RangeEntered", "AssetStarted", "AssetEnded")
ASSET_EVENTS = ("AssetAdded", "AssetChanged", "AssetRemoved")
KINDS = {*STREAM_EVENTS, "StreamOpened", "StreamClosed", *ASSET_EVENTS, "SoundscapeChanged"}

Told = dict[str, Any]


@dataclass(frozen=True)
class KnownAsset:
    """What one asset is now; project None when it is deleted."""

    author: str
    project: int | None
    is_public: bool
    description: str
    reason: str = ""


@dataclass
class KnownStream:
    """Whose stream it is, whether it goes on, and where they are."""

    row: Stream
    listener: str
    project: int
    is_open: bool = True
    place: tuple[float, float] = (INSIDE["latitude"], INSIDE["longitude"])


@dataclass(frozen=True)
class Fact:
    """One event of a log, and what the world knew of its asset before it."""

    kind: str
    project: int
    sequence: int
    cursor: str
    stream: str | None
    asset: int | None
    before: KnownAsset | None


@dataclass
class World:
    """The truth. Nothing here asks the code that is tested whether somebody may see something."""

    users: dict[str, User]
    owners: dict[int, set[str]]
    staff: set[str]
    assets: dict[int, KnownAsset] = field(default_factory=dict)
    streams: dict[str, KnownStream] = field(default_factory=dict)
    logs: dict[int, list[Fact]] = field(default_factory=dict)

    @classmethod
    def made(cls, run: int) -> "World":
        """The owner owns the first project; the others listen, one of them in both."""
        projects = [Project.objects.create(name=name, **INSIDE) for name in ("Here", "There")]
        users = {name: make_user(f"{name} {run}", is_staff=name == "curator") for name in PEOPLE if name != NOBODY}
        projects[0].owners.add(users["owner"])
        here, there = (each.pk for each in projects)
        world = cls(users, {here: {"owner"}, there: set()}, {"curator"}, logs={here: [], there: []})
        for name, project in (("contributor", 0), ("contributor", 1), ("stranger", 1), ("curator", 0)):
            row = Stream.objects.create(session=make_session(projects[project], users[name]), **INSIDE)
            world.streams[str(row.pk)] = KnownStream(row, name, projects[project].pk)
        world.learn()
        return world

    def visit_of(self, name: str, project: int) -> Any:
        """The session during which they listen there; None when they do not."""
        found = (each for each in self.streams.values() if (each.listener, each.project) == (name, project))
        return next((each.row.session for each in found), None)

    def keep(self, asset: Asset, author: str) -> None:
        """A new one."""
        self.assets[asset.pk] = KnownAsset(author, asset.project_id, asset.submitted, asset.description)

    def change(self, asset: int, **facts: Any) -> KnownAsset:
        """Gives what it was before."""
        before = self.assets[asset]
        self.assets[asset] = replace(before, **facts)
        return before

    def learn(self, before: KnownAsset | None = None) -> list[Fact]:
        """What the logs hold that was not known yet; `before` is what the asset was that was changed."""
        learnt = []
        for project, log in self.logs.items():
            known = log[-1].sequence if log else 0
            learnt += [_fact(each, before) for each in journal.entries(project, after=known)]
            log.extend(each for each in learnt if each.project == project)
        return learnt

    def cursor(self, project: int) -> str:
        """Where its log stands, as far as it is known."""
        log = self.logs[project]
        return log[-1].cursor if log else str(journal.BEGINNING)

    def is_editor(self, name: str, project: int | None) -> bool:
        """An owner, or of the staff."""
        return name in self.staff or name in self.owners.get(project or 0, ())

    def may_follow(self, name: str, stream: str) -> bool:
        """Its listener, or of the staff."""
        return name == self.streams[stream].listener or name in self.staff

    def told(self, name: str, kind: str, fact: Fact) -> Told | None:
        """What a subscription of this kind tells them of it now; None: nothing."""
        match kind:
            case "project":
                return self._of_project(name, fact)
            case "assets":
                return self._with_reason(name, fact) if fact.kind in ASSET_EVENTS else None
            case "stream":
                return self._of_stream(name, fact) if self.may_follow(name, fact.stream or "") else None
        return None

    def _of_project(self, name: str, fact: Fact) -> Told | None:
        if fact.kind == "SoundscapeChanged":
            return {"__typename": fact.kind, "cursor": fact.cursor}
        if fact.stream is None:
            return self._of_asset(name, fact)
        sees = name == self.streams[fact.stream].listener or self.is_editor(name, fact.project)
        return self._of_stream(name, fact) if sees else None

    def _of_stream(self, name: str, fact: Fact) -> Told:
        told = {"__typename": fact.kind, "cursor": fact.cursor, "streamId": global_id("Stream", fact.stream)}
        if fact.asset is None:
            return told
        shown = {"description": self.assets[fact.asset].description} if self._sees_asset(name, fact.asset) else None
        return {**told, "asset": shown}

    def _of_asset(self, name: str, fact: Fact) -> Told | None:
        asset, before = fact.asset or 0, fact.before
        key = {"cursor": fact.cursor, "assetId": global_id("Asset", asset)}
        gone = {"__typename": "AssetRemoved", **key}
        was_public = before is not None and before.is_public
        if fact.kind == "AssetRemoved":
            is_author = before is not None and before.author == name
            return gone if was_public or is_author or self.is_editor(name, fact.project) else None
        if self._sees_asset(name, asset):
            return {"__typename": fact.kind, **key, "asset": {"description": self.assets[asset].description}}
        return gone if fact.kind == "AssetChanged" and was_public else None

    def _with_reason(self, name: str, fact: Fact) -> Told | None:
        """With why it was decided upon, for those who may write the asset."""
        told = self._of_asset(name, fact)
        if told is None or "asset" not in told:
            return told
        asset = self.assets[fact.asset or 0]
        is_theirs = asset.author == name or self.is_editor(name, asset.project)
        return {**told, "asset": {**told["asset"], "moderationReason": asset.reason if is_theirs else None}}

    def _sees_asset(self, name: str, asset: int) -> bool:
        known = self.assets[asset]
        if known.project is None:
            return False
        return known.is_public or known.author == name or self.is_editor(name, known.project)


def _fact(recorded: journal.Recorded, before: KnownAsset | None) -> Fact:
    event: Any = recorded.event
    if isinstance(event, events.AssetChanged | events.AssetRemoved):
        assert before is not None and event.was_public == before.is_public, "the log says of it what it was not"
    cursor = recorded.stamp.cursor
    stream, asset = getattr(event, "stream_id", None), getattr(event, "asset_id", None)
    return Fact(type(event).__name__, event.project_id, cursor.sequence, str(cursor), stream, asset, before)
