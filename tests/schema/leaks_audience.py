"""All who follow two projects and what is in them, and whether they have been told what they should."""

import asyncio
import itertools
from collections.abc import Iterator
from typing import Any

from hypothesis.stateful import RuleBasedStateMachine

from backend.accounts.actions import issue_token
from backend.geo.earth import metres_between
from backend.geo.position import Position
from realtime import hub, sockets
from schema.ids import global_id
from tests.cast import make_user
from tests.schema.leaks_visitors import Ear, Idle, Visitor
from tests.schema.leaks_world import NOBODY, PEOPLE, Fact, KnownAsset, World

# On the project's grid, and as long as `every` in the documents.
GRID_METRES, MOVES_SECONDS = 10.0, 0.2
_runs = itertools.count()


class Audience(RuleBasedStateMachine):
    """A machine without rules: each follows all that they may, and the world knows what that tells them."""

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
                newest = [told for stream, told in more if stream == ear.target]
                if self._may_follow(visitor.name, ear):
                    expected += [] if ear.is_over else newest
                else:
                    # The first thing that happens and is not theirs any more ends it.
                    happened = newest or [each for each in facts if each.stream == ear.target]
                    assert ear.is_over or not happened, (visitor.name, ear.kind)
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
            elif "errors" in message["payload"]:
                assert not self._may_follow(visitor.name, ear), message
                ear.is_over = True
                is_refused = is_refused or ear is asked
            else:
                assert ear.kind != "listeners" or self._may_follow(visitor.name, ear), message
                ear.take(message["payload"])
        return is_refused

    def _may_follow(self, name: str, ear: Ear) -> bool:
        match ear.kind:
            case "stream":
                return self.world.may_follow(name, ear.target)
            case "listeners":
                return self.world.is_editor(name, ear.target)
        return True

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
        result = self.loop.run_until_complete(work)
        # A timer may have asked a thread in the last moment: its answer belongs to before the next step.
        while self.idle.is_asking:
            self.loop.run_until_complete(self.idle.wait())
        return result

    def _here(self) -> Iterator[Visitor]:
        return (each for each in self.visitors.values() if each.is_here)

    def _token(self, name: str) -> str | None:
        return None if name == NOBODY else issue_token(self.world.users[name])
