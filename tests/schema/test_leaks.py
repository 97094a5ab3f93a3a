"""Nobody is told what is not theirs to know, and everybody all that is, whatever becomes of rights meanwhile."""

import asyncio
import itertools
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule, run_state_machine_as_test

from backend import bus
from backend.accounts.actions import issue_token
from backend.accounts.models import Token, User
from backend.assets.models import Asset
from backend.assets.moderation import moderate_assets
from backend.bus import events
from backend.geo.earth import metres_between
from backend.geo.position import Position
from backend.journal.actions import record
from backend.listening.models import Stream, StreamState
from backend.projects.models import Project
from backend.resources.viewer import Caller
from realtime import hub, sockets
from schema.ids import global_id
from tests.cast import INSIDE, make_user
from tests.schema.leaks_visitors import Ear, Idle, Visitor
from tests.schema.leaks_world import KINDS, NOBODY, PEOPLE, STREAM_EVENTS, Fact, KnownAsset, World

pytestmark = pytest.mark.django_db(transaction=True)

STEPS_EACH = 50
KNOWN = [name for name in PEOPLE if name != NOBODY]
# On the project's grid, and as long as `every` in the documents.
GRID_METRES, MOVES_SECONDS = 10.0, 0.2
ANY = st.integers(0, 999)
_runs = itertools.count()


class Leaks(RuleBasedStateMachine):
    """After every step each of them has been told exactly what the world says."""

    idle = Idle()
    kinds: set[str] = set()
    steps = 0

    def __init__(self) -> None:
        super().__init__()
        self.loop = asyncio.new_event_loop()
        run = next(_runs)
        self.world = World.made(run)
        self.office = make_user(f"office {run}", is_staff=True)
        self.away: dict[str, list[Fact]] = {}
        self.visitors = {name: Visitor(name, self._token(name)) for name in PEOPLE}
        for visitor in self.visitors.values():
            self._do(self._join(visitor))
        self._check([])

    def teardown(self) -> None:
        try:
            self._do(self._check_presence())
        finally:
            self._do(self._end())
            self.loop.close()

    # Assets.

    @rule(author=st.sampled_from(KNOWN), here=ANY, is_public=st.booleans())
    def contribute(self, author: str, here: int, is_public: bool) -> None:
        project = self._project(here)
        visit = self.world.visit_of(author, project)
        whose = {"user": self.world.users[author]} if visit is None else {"session": visit}
        asset = Asset.objects.create(
            project_id=project, description=f"of {author}", submitted=is_public, filename="a.mp3", **whose, **INSIDE
        )
        self.world.keep(asset, author)
        self._after("AssetAdded")

    @precondition(lambda self: self._living())
    @rule(which=ANY, is_public=st.booleans(), reason=st.sampled_from(["", "too loud"]))
    def decide(self, which: int, is_public: bool, reason: str) -> None:
        key = self._asset(which)
        moderate_assets([key], viewer=Caller(self.office.pk, True), submitted=is_public, reason=reason)
        self._after("AssetChanged", before=self.world.change(key, is_public=is_public, reason=reason))

    @precondition(lambda self: self._living())
    @rule(which=ANY, words=st.sampled_from(["a bell", "a tram"]), is_public=st.booleans())
    def edit(self, which: int, words: str, is_public: bool) -> None:
        row = Asset.objects.get(pk=self._asset(which))
        row.description, row.submitted = words, is_public
        row.save()
        self._after("AssetChanged", before=self.world.change(row.pk, description=words, is_public=is_public))

    @precondition(lambda self: self._living())
    @rule(which=ANY, is_public=st.booleans())
    def move_to_the_other_project(self, which: int, is_public: bool) -> None:
        row = Asset.objects.get(pk=self._asset(which))
        row.project_id = next(each for each in self.world.logs if each != row.project_id)
        row.submitted = is_public
        row.save()
        before = self.world.change(row.pk, project=row.project_id, is_public=is_public)
        self._after("AssetRemoved", "AssetAdded", before=before)

    @precondition(lambda self: self._living())
    @rule(which=ANY)
    def delete(self, which: int) -> None:
        key = self._asset(which)
        Asset.objects.get(pk=key).delete()
        self._after("AssetRemoved", before=self.world.change(key, project=None))

    # Streams, as the engine tells them.

    @rule(which=ANY, asset=ANY, kind=st.sampled_from(STREAM_EVENTS))
    def sound(self, which: int, asset: int, kind: str) -> None:
        stream = self._stream(which)
        if kind.startswith("Asset") and not self._living():
            return
        details: dict[str, Any] = {}
        if kind.startswith("Asset"):
            details = {"play_id": "p", "asset_id": self._asset(asset), "audiotrack_id": 1}
            details |= {"played_seconds": 1.0} if kind == "AssetEnded" else _beginning()
        record(getattr(events, kind)(stream, self.world.streams[stream].project, **details))
        self._after(kind)

    @rule(which=ANY)
    def close_or_open(self, which: int) -> None:
        stream = self._stream(which)
        known = self.world.streams[stream]
        known.is_open = not known.is_open
        kind = "StreamOpened" if known.is_open else "StreamClosed"
        details = (known.row.session_id,) if known.is_open else ("CLOSED",)
        with transaction.atomic():
            state = StreamState.PLAYING if known.is_open else StreamState.CLOSED
            Stream.objects.filter(pk=stream).update(state=state)
            record(getattr(events, kind)(stream, known.project, *details))
        self._after(kind)
        if known.is_open:
            for visitor in self._here():
                self._do(self._follow_stream(visitor, stream))

    @rule(which=ANY, north=st.integers(1, 50), is_place=st.booleans())
    def move_or_hear(self, which: int, north: int, is_place: bool) -> None:
        stream = self._stream(which)
        known = self.world.streams[stream]
        told: dict[str, Any] = {"cursor": "", "streamId": global_id("Stream", stream)}
        if is_place:
            known.place = INSIDE["latitude"] + north / 1_000, INSIDE["longitude"]
            Stream.objects.filter(pk=stream).update(latitude=known.place[0], longitude=known.place[1])
            bus.publish(events.ListenerMoved(stream, known.project, Position(*known.place)))
            told |= {"__typename": "ListenerMoved", "latitude": known.place[0], "longitude": known.place[1]}
        else:
            bus.publish(events.GainsChanged(stream, known.project, (events.SpeakerGain(1, north / 100),)))
            told |= {"__typename": "GainsChanged", "gains": [{"gain": north / 100}]}
        self._check([], (stream, told))

    @rule(here=ANY)
    def change_the_soundscape(self, here: int) -> None:
        record(events.SoundscapeChanged(self._project(here)))
        self._after("SoundscapeChanged")

    # Rights.

    @rule(name=st.sampled_from(KNOWN), here=ANY, may=st.booleans())
    def own(self, name: str, here: int, may: bool) -> None:
        self._hear_all()
        project = self._project(here)
        owners = Project.objects.get(pk=project).owners
        (owners.add if may else owners.remove)(self.world.users[name])
        (self.world.owners[project].add if may else self.world.owners[project].discard)(name)
        self._after()
        self._follow_anew(name)

    @rule(name=st.sampled_from(KNOWN), may=st.booleans())
    def join_or_leave_the_staff(self, name: str, may: bool) -> None:
        self._hear_all()
        User.objects.filter(pk=self.world.users[name].pk).update(is_staff=may)
        (self.world.staff.add if may else self.world.staff.discard)(name)
        # What they ask for before sockets are looked at is told to nobody who may not know it either.
        self._follow_anew(name, is_looked_at=False)
        self._do(self._look())
        self._follow_anew(name)

    # Sockets.

    @rule(name=st.sampled_from(KNOWN))
    def revoke(self, name: str) -> None:
        visitor = self.visitors[name]
        Token.objects.filter(user=self.world.users[name]).update(revoked_at=timezone.now())
        visitor.token = self._token(name)
        if not visitor.is_here:
            return
        self._do(self._look())
        assert visitor.wire.code == 4403
        # What came before the end was theirs.
        self._hear(visitor)
        record(events.SoundscapeChanged(self._project(0)))
        self._do(self.idle.wait())
        assert visitor.wire.messages == []
        self._do(visitor.hang_up())
        self.away[name] = []
        self._after("SoundscapeChanged")
        self.come_back(name)

    @rule(name=st.sampled_from(PEOPLE))
    def go_away(self, name: str) -> None:
        self._do(self.visitors[name].hang_up())
        self.away.setdefault(name, [])

    @precondition(lambda self: self.away)
    @rule(which=ANY)
    def somebody_comes_back(self, which: int) -> None:
        self.come_back(sorted(self.away)[which % len(self.away)])

    def come_back(self, name: str) -> None:
        """With cursors from when they went: what they have missed comes first, as far as it is theirs to know now."""
        missed = self.away.pop(name)
        self._do(self._join(self.visitors[name], missed))
        self._check([])

    # What they follow.

    async def _join(self, visitor: Visitor, missed: list[Fact] | None = None) -> None:
        await visitor.connect()
        for project in self.world.logs:
            facts = [each for each in missed or () if each.project == project]
            before = [each for each in self.world.logs[project] if each not in facts]
            after = before[-1].cursor if before and missed is not None else None
            for kind in ("project", "assets"):
                ear = await visitor.follow(kind, project, id=global_id("Project", project), after=after)
                await self.idle.wait()
                self._hear(visitor)
                assert ear.told == self._expected(visitor.name, ear, facts), (visitor.name, kind, "missed")
                ear.told = []
        for stream in self.world.streams:
            await self._follow_stream(visitor, stream)
        for project in self.world.logs:
            await self._follow_listeners(visitor, project)

    def _follow_anew(self, name: str, *, is_looked_at: bool = True) -> None:
        """What they may follow now, and could not before."""
        visitor = self.visitors[name]
        for ear in list(visitor.ears.values()) if visitor.is_here else ():
            if ear.is_over and ear.kind == "stream":
                self._do(self._follow_stream(visitor, ear.target, is_looked_at=is_looked_at))
            elif ear.is_over and ear.kind == "listeners":
                self._do(self._follow_listeners(visitor, ear.target))

    async def _follow_stream(self, visitor: Visitor, stream: str, *, is_looked_at: bool = True) -> None:
        """Everyone tries. What a newcomer is told first is how things are: of the stream, and to whom it concerns."""
        ear = await visitor.follow("stream", stream, id=global_id("Stream", stream))
        await self.idle.wait()
        is_refused = self._hear(visitor, ear)
        may_follow = self.world.may_follow(visitor.name, stream)
        assert may_follow or ear.told == [], (visitor.name, ear.told)
        assert {each["streamId"] for each in ear.told} <= {global_id("Stream", stream)}
        assert not is_looked_at or is_refused != may_follow
        ear.is_over = is_refused or not self.world.streams[stream].is_open
        ear.told = []

    async def _follow_listeners(self, visitor: Visitor, project: int) -> None:
        ear = await visitor.follow("listeners", project, id=global_id("Project", project))
        await self.idle.wait()
        ear.is_over = self._hear(visitor, ear)
        assert ear.is_over != self.world.is_editor(visitor.name, project)
        assert not ear.is_over or ear.present == {}

    # What they are told.

    def _after(self, *kinds: str, before: KnownAsset | None = None) -> None:
        """What a step has written into the logs, these kinds at least, is told."""
        facts = self.world.learn(before)
        assert {*kinds} <= {each.kind for each in facts}
        type(self).kinds |= {each.kind for each in facts}
        self._check(facts)

    def _check(self, facts: list[Fact], *more: tuple[str, dict[str, Any]]) -> None:
        type(self).steps += 1
        for name in self.away:
            self.away[name] += facts
        self._do(self.idle.wait())
        for visitor in self._here():
            self._hear(visitor)
            for ear in visitor.ears.values():
                expected = [] if ear.is_over else self._expected(visitor.name, ear, facts)
                if not ear.is_over and ear.kind == "stream" and self.world.may_follow(visitor.name, ear.target):
                    expected += [told for stream, told in more if stream == ear.target]
                assert ear.told == expected, (visitor.name, ear.kind)
                ear.told = []
                if any(each.kind == "StreamClosed" and each.stream == ear.target for each in facts):
                    ear.is_over = True

    def _expected(self, name: str, ear: Ear, facts: list[Fact]) -> list[dict[str, Any]]:
        theirs = [each for each in facts if (each.stream if ear.kind == "stream" else each.project) == ear.target]
        shown = [self.world.told(name, ear.kind, each) for each in theirs]
        return [each for each in shown if each is not None]

    def _hear_all(self) -> None:
        """Of those who listen, at their own time; before rights change, so that all is theirs to know."""
        for visitor in self._here():
            self._hear(visitor)

    def _hear(self, visitor: Visitor, asked: Ear | None = None) -> bool:
        """Whether `asked` was refused."""
        is_refused = False
        for ear, message in visitor.take():
            if message["type"] == "error":
                assert ear is asked, message
                is_refused = True
            elif message["type"] == "complete":
                ear.is_over = ear.is_over or ear.kind == "listeners"
            elif ear.kind == "listeners" and "errors" in message["payload"]:
                assert not self.world.is_editor(visitor.name, ear.target), message
                ear.is_over = True
            else:
                assert "errors" not in message["payload"], message
                assert ear.kind != "listeners" or self.world.is_editor(visitor.name, ear.target), message
                ear.take(message["payload"])
        return is_refused

    async def _check_presence(self) -> None:
        """Who watches knows who listens, and where."""
        await asyncio.sleep(1.5 * MOVES_SECONDS)
        await self.idle.wait()
        for visitor in self._here():
            self._hear(visitor)
            for ear in visitor.ears.values():
                if ear.kind == "listeners" and not ear.is_over and self.world.is_editor(visitor.name, ear.target):
                    here = {key: each for key, each in self.world.streams.items() if each.project == ear.target}
                    places = {global_id("Stream", key): each.place for key, each in here.items() if each.is_open}
                    assert ear.present.keys() == places.keys(), visitor.name
                    for key, place in ear.present.items():
                        assert metres_between(Position(*place), Position(*places[key])) < GRID_METRES

    async def _look(self) -> None:
        await sockets.current().look()

    async def _end(self) -> None:
        for visitor in self._here():
            await visitor.hang_up()
        await self.idle.wait()
        hub.current().close()
        rest = asyncio.all_tasks() - {asyncio.current_task()}
        for task in rest:
            task.cancel()
        await asyncio.gather(*rest, return_exceptions=True)

    def _do(self, work: Any) -> Any:
        return self.loop.run_until_complete(work)

    def _here(self) -> Iterator[Visitor]:
        return (each for each in self.visitors.values() if each.is_here)

    def _token(self, name: str) -> str | None:
        return None if name == NOBODY else issue_token(self.world.users[name])

    def _project(self, which: int) -> int:
        return [*self.world.logs][which % len(self.world.logs)]

    def _stream(self, which: int) -> str:
        return [*self.world.streams][which % len(self.world.streams)]

    def _living(self) -> list[int]:
        return [key for key, each in self.world.assets.items() if each.project is not None]

    def _asset(self, which: int) -> int:
        living = self._living()
        return living[which % len(living)]


def _beginning() -> dict[str, Any]:
    return {"started_at": datetime.now(UTC), "offset_seconds": 0.0, "planned_seconds": 60.0}


def leaks(monkeypatch: pytest.MonkeyPatch, **options: Any) -> type[Leaks]:
    """The machine, run; a class of its own, so that what it counts is this run's."""
    machine = type("OneRun", (Leaks,), {"idle": Idle(), "kinds": set(), "steps": 0})
    unhurried = settings(
        deadline=None, suppress_health_check=list(HealthCheck), database=None, stateful_step_count=STEPS_EACH, **options
    )
    with machine.idle.watching(monkeypatch):
        run_state_machine_as_test(machine, settings=unhurried)
    return machine


def test_nobody_is_told_what_is_not_theirs_to_know_and_all_what_is(monkeypatch):
    leaks(monkeypatch, max_examples=2, derandomize=True)


@pytest.mark.load
def test_nor_in_two_thousand_steps_with_every_kind_of_event(monkeypatch):
    machine = leaks(monkeypatch, max_examples=50)
    assert machine.steps >= 2_000
    assert machine.kinds == KINDS
