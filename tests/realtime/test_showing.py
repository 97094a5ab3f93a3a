"""Who sees what is asked once for all; of one by one only where it makes a difference."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from backend.bus.cursor import Cursor
from backend.bus.events import AssetRemoved, StreamPaused
from backend.ids import ProjectId, StreamId
from backend.resources.viewer import ANONYMOUS, Caller
from realtime import showing
from realtime.happening import Happening
from realtime.showing import shown

OWNER, WALKER, STRANGER = (Caller(key, is_staff=False) for key in (1, 2, 3))
ALL = [ANONYMOUS, OWNER, WALKER, STRANGER]
GONE = AssetRemoved(ProjectId(1), 5, None, None, was_public=True)


def happening(number):
    event = StreamPaused(StreamId(str(number)), ProjectId(1))
    return Happening(event, Cursor("0000000a", number), datetime(2026, 11, 22, tzinfo=UTC), number)


class HeldFeed:
    """Shows what the test says, by viewer; what is not said, to all. Keeps whom it was asked about."""

    def __init__(self, hidden=(), instead=None):
        self.hidden, self.instead, self.asked = dict(hidden), instead or {}, []

    def seen(self, happenings, viewer):
        self.asked.append((viewer.id, [each.serial for each in happenings]))
        return [self._to(viewer, each) for each in happenings if self._to(viewer, each) is not None]

    def _to(self, viewer, each):
        if viewer.id in self.hidden.get(each.serial, [viewer.id]):
            return each
        return replace(each, event=GONE) if each.serial in self.instead else None

    def concerned(self, happenings, rights):
        return {1, 2} & rights.keys()


@pytest.fixture(autouse=True)
def rights(monkeypatch):
    monkeypatch.setattr(showing, "as_of_now", lambda viewer: viewer)
    monkeypatch.setattr(showing, "as_they_are_now", lambda viewers: {each.id: each for each in viewers})


def told(feed, happenings, viewers=ALL, personal=()):
    found = shown(feed, happenings, viewers, lambda each: each.serial in personal)
    return [(each.happening.serial, each.viewer.id, each.to and set(each.to)) for each in found]


def test_what_nobody_known_sees_all_are_told_by_one_question():
    feed = HeldFeed()
    assert told(feed, [happening(1), happening(2)]) == [(1, None, None), (2, None, None)]
    assert feed.asked == [(None, [1, 2])]


def test_what_some_see_is_asked_of_those_whom_it_may_concern_and_told_them_as_one():
    feed = HeldFeed(hidden={2: [1, 2], 3: [2], 4: []})
    found = told(feed, [happening(number) for number in range(1, 5)])
    assert found == [(1, None, None), (2, 1, {1, 2}), (3, 2, {2})]
    assert sorted(feed.asked[1:]) == [(1, [2, 3, 4]), (2, [2, 3, 4])]


def test_what_is_personal_is_told_each_as_they_see_it():
    feed = HeldFeed(hidden={2: [1, 2]})
    found = told(feed, [happening(1), happening(2)], personal={1, 2})
    assert sorted(found[:4], key=str) == sorted([(1, each.id, {each.id}) for each in ALL], key=str)
    assert sorted(found[4:]) == [(2, 1, {1}), (2, 2, {2})]


def test_who_sees_it_otherwise_is_told_so_and_the_others_as_it_is():
    feed = HeldFeed(hidden={1: [1]}, instead={1})
    found = shown(feed, [happening(1)], ALL, lambda each: False)
    assert [(type(each.happening.event), each.to) for each in found] == [
        (AssetRemoved, frozenset({None, 2, 3})),
        (StreamPaused, frozenset({1})),
    ]


def test_one_alone_is_asked_about_as_they_are():
    feed = HeldFeed(hidden={1: [1]})
    assert told(feed, [happening(1), happening(2)], [STRANGER]) == [(2, 3, None)]
    assert feed.asked == [(3, [1, 2])]
