"""Nobody is told what is not theirs to know, and everybody all that is, whatever becomes of rights meanwhile."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import initialize, precondition, rule, run_state_machine_as_test

from backend import bus
from backend.accounts.models import Token, User
from backend.assets.models import Asset
from backend.assets.moderation import moderate_assets
from backend.bus import events
from backend.geo.position import Position
from backend.journal.actions import record
from backend.listening.models import Stream, StreamState
from backend.projects.models import Project
from backend.resources.viewer import Caller
from schema.ids import global_id
from tests.cast import INSIDE
from tests.schema.leaks_audience import Audience
from tests.schema.leaks_visitors import Idle
from tests.schema.leaks_world import KINDS, NOBODY, PEOPLE, STREAM_EVENTS

pytestmark = pytest.mark.django_db(transaction=True)

STEPS_EACH = 50
KNOWN = [name for name in PEOPLE if name != NOBODY]
ANY = st.integers(0, 999)


class Leaks(Audience):
    """After every step each of them has been told exactly what the world says."""

    # Assets.

    @initialize(author=st.sampled_from(KNOWN), here=ANY)
    def begin(self, author: str, here: int) -> None:
        """With something that can be played."""
        self.contribute(author, here, is_public=True)

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
    machine = leaks(monkeypatch, max_examples=65)
    assert machine.steps >= 2_000
    assert machine.kinds == KINDS
