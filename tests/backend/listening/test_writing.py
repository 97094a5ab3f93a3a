"""Clients that mix by themselves note what they played: of their own visits."""

import pytest

from backend.catalogue import writer
from backend.errors import InvalidInput, NotFound, NotPermitted
from backend.listening.resources import LISTEN_EVENT
from backend.visits.resources import SESSION
from tests.cast import make_asset, make_project, make_session


@pytest.fixture
def visit(walk, cast):
    return make_session(walk.project, cast.contributor)


def test_a_visitor_notes_what_was_played_and_how_long(walk, cast, visit):
    data = {"session": visit.pk, "asset": walk.asset.pk, "started_at": "2026-05-01T12:00:00Z"}
    event = writer.create(LISTEN_EVENT, data, viewer=cast.contributor)
    assert event.duration_seconds is None
    assert writer.update(LISTEN_EVENT, event.pk, {"duration_seconds": 4}, viewer=cast.contributor).duration_seconds == 4


def test_nobody_notes_anything_in_anothers_visit(walk, cast, refused, visit):
    mine = make_session(walk.project, cast.stranger)
    data = {"session": visit.pk, "asset": walk.asset.pk}
    refused(NotFound, "session", writer.create, LISTEN_EVENT, data, viewer=cast.stranger)
    event = writer.create(LISTEN_EVENT, {**data, "session": mine.pk}, viewer=cast.stranger)
    refused(NotFound, "session", writer.update, LISTEN_EVENT, event.pk, data, viewer=cast.stranger)


def test_what_is_noted_is_of_the_visits_project(walk, cast, refused, visit):
    elsewhere = make_asset(make_project(name="Elsewhere"))
    data = {"session": visit.pk, "asset": elsewhere.pk}
    refused(InvalidInput, "asset", writer.create, LISTEN_EVENT, data, viewer=cast.contributor)


def test_an_asset_that_the_visitor_cannot_see_is_not_found(walk, cast, refused, visit):
    hidden = make_asset(walk.project, submitted=False)
    data = {"session": visit.pk, "asset": hidden.pk}
    refused(NotFound, "asset", writer.create, LISTEN_EVENT, data, viewer=cast.contributor)


def test_time_does_not_run_backwards(walk, cast, refused, visit):
    data = {"session": visit.pk, "asset": walk.asset.pk, "duration_seconds": -1}
    refused(InvalidInput, "duration_seconds", writer.create, LISTEN_EVENT, data, viewer=cast.contributor)


def test_an_owner_reads_a_visit_and_does_not_change_it(walk, cast, refused, visit):
    refused(NotPermitted, None, writer.update, SESSION, visit.pk, {"language": None}, viewer=cast.owner)
    refused(InvalidInput, "timezone", writer.update, SESSION, visit.pk, {"timezone": "soon"}, viewer=cast.contributor)
    for name in ("user", "device_id", "project", "started_at"):
        refused(InvalidInput, name, writer.update, SESSION, visit.pk, {name: None}, viewer=cast.contributor)
