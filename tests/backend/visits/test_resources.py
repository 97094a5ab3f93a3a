"""Who sees a visit and what was noted in it."""

import pytest

from backend.resources.viewer import ANONYMOUS
from backend.visits.actions import note
from backend.visits.models import Session
from backend.visits.resources import EVENT, SESSION
from tests.cast import make_project, make_session


@pytest.fixture
def visit(walk, cast):
    return make_session(walk.project, cast.contributor)


def test_visitors_see_their_own_visits_and_owners_those_to_their_project(walk, cast, visit):
    another = make_session(make_project(name="Another"), cast.contributor)
    assert list(SESSION.rows(cast.contributor)) == [visit, another]
    assert list(SESSION.rows(cast.owner)) == [visit]
    assert list(SESSION.rows(cast.stranger)) == []
    assert list(SESSION.rows(ANONYMOUS)) == []
    assert set(SESSION.rows(cast.curator)) == {Session.objects.get(pk=1), visit, another}


def test_events_are_seen_by_whom_their_visit_is_seen(cast, visit):
    event = note(visit, "start_listen")
    seen = {viewer.username: list(EVENT.rows(viewer)) for viewer in vars(cast).values()}
    assert seen == {"owner": [event], "contributor": [event], "stranger": [], "curator": [event]}
    assert list(EVENT.rows(ANONYMOUS)) == []


def test_only_the_visitor_and_staff_write_in_a_visit(cast, visit):
    may = {viewer.username: SESSION.may_write(viewer, visit) for viewer in vars(cast).values()}
    assert may == {"owner": False, "contributor": True, "stranger": False, "curator": True}
    assert not SESSION.may_write(ANONYMOUS, visit)
    visit.user = None
    assert not SESSION.may_write(ANONYMOUS, visit)
