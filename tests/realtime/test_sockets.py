"""The sockets of a process: looked at every two seconds, and told of its end."""

import asyncio

import pytest

from backend.accounts.models import User
from backend.resources.viewer import ANONYMOUS
from realtime import sockets
from realtime.sockets import Sockets
from realtime.standing import Admitted, Credential, Rights
from tests.patience import until

MINE, THEIRS = Credential(token_digest="mine"), Credential(session_key="theirs")


class HeldSocket:
    """Keeps what it was told."""

    def __init__(self, credential=None):
        self.credential, self.told = credential, []

    def stay_awake(self, now):
        self.told.append("stay awake")

    def close(self, code, reason):
        self.told.append((code, reason))

    def drain(self):
        self.told.append("drain")


class HeldStanding:
    """What credentials open, as the test says; counts how often it is asked."""

    def __init__(self):
        self.rights, self.asked = {}, []

    def __call__(self, credentials):
        self.asked.append(set(credentials))
        return {each: self.rights[each] for each in credentials if each in self.rights}


@pytest.fixture
def standing():
    return HeldStanding()


async def test_all_who_may_no_longer_are_closed_by_one_question(standing):
    registry = Sockets(standing)
    mine, again, theirs, nobodys = HeldSocket(MINE), HeldSocket(MINE), HeldSocket(THEIRS), HeldSocket()
    for socket in (mine, again, theirs, nobodys):
        registry.add(socket)
    standing.rights = {MINE: Rights(1, False), THEIRS: Rights(2, False)}
    await registry.look()
    assert mine.told == again.told == theirs.told == nobodys.told == []
    del standing.rights[MINE]
    await registry.look()
    assert mine.told == again.told == [(4403, "Forbidden")]
    assert theirs.told == nobodys.told == []
    assert standing.asked == 2 * [{MINE, THEIRS}]


async def test_a_crowd_of_sockets_is_looked_through_once(standing):
    hashed = []

    class Counted(Credential):
        def __hash__(self):
            hashed.append(self)
            return super().__hash__()

    registry, credentials = Sockets(standing), [Counted(token_digest=str(number)) for number in range(100)]
    standing.rights = dict.fromkeys(credentials, Rights(1, False))
    for credential in credentials:
        registry.add(HeldSocket(credential))
    hashed.clear()
    await registry.look()
    assert len(hashed) < 10 * len(credentials)


async def test_where_nobody_is_known_nobody_is_asked_about(standing):
    registry = Sockets(standing)
    registry.add(HeldSocket())
    await registry.look()
    assert standing.asked == []


async def test_one_that_is_closed_is_asked_about_no_more(standing):
    registry = Sockets(standing)
    socket = HeldSocket(MINE)
    registry.add(socket)
    registry.discard(socket)
    registry.discard(socket)
    await registry.look()
    assert (standing.asked, socket.told, len(registry)) == ([], [], 0)


async def test_the_sockets_of_a_user_share_a_viewer_whose_rights_are_those_of_now(standing):
    registry = Sockets(standing)
    registry.add(HeldSocket(MINE))
    first = registry.viewer_of(Admitted(User(pk=1, is_staff=True), MINE))
    assert registry.viewer_of(Admitted(User(pk=1, is_staff=True), THEIRS)) is first
    assert registry.viewer_of(Admitted(User(pk=2), THEIRS)) is not first
    standing.rights = {MINE: Rights(1, False)}
    await registry.look()
    assert first.is_staff is False
    assert registry.viewer_of(Admitted(User(pk=1, is_staff=True), MINE)) is first
    assert first.is_staff is True


async def test_nobody_stays_nobody(standing):
    assert Sockets(standing).viewer_of(Admitted()) is ANONYMOUS


async def test_all_are_told_of_the_end_and_who_comes_then_is_sent_away(standing):
    registry = Sockets(standing)
    before, after = HeldSocket(), HeldSocket()
    registry.add(before)
    registry.drain()
    registry.add(after)
    assert before.told == ["drain"]
    assert after.told == [(1001, "restarting")]
    registry.discard(before)


async def test_one_that_cannot_be_kept_awake_keeps_nobody_from_being_looked_at(standing, monkeypatch):
    monkeypatch.setattr(sockets, "LOOK_SECONDS", 0.001)
    registry, broken, other = Sockets(standing), HeldSocket(), HeldSocket(THEIRS)
    broken.stay_awake = None
    registry.add(broken)
    registry.add(other)
    await until(lambda: len(standing.asked) > 1 and "stay awake" in other.told)
    registry.discard(broken)
    registry.discard(other)


async def test_they_are_looked_at_again_and_again_even_when_the_database_is_away(standing, monkeypatch):
    monkeypatch.setattr(sockets, "LOOK_SECONDS", 0.001)
    answers = []

    def failing_once(credentials):
        answers.append(len(answers))
        if len(answers) == 1:
            raise ConnectionError
        return {}

    registry = Sockets(failing_once)
    socket = HeldSocket(MINE)
    registry.add(socket)
    await until(lambda: (4403, "Forbidden") in socket.told)
    assert socket.told[:2] == ["stay awake", "stay awake"]
    registry.discard(socket)
    asked = len(answers)
    await asyncio.sleep(0.01)
    assert len(answers) <= asked + 1
