"""A visit begins, and what happens during it is noted."""

import pytest
from django.utils import timezone

from backend.errors import InvalidInput, NotAuthenticated, NotFound, NotPermitted
from backend.projects.models import Language
from backend.resources.viewer import ANONYMOUS
from backend.visits.actions import EventDetails, VisitOptions, create_session, end_visit, go_on, log_event
from backend.visits.models import Event, Session
from tests.cast import make_session


def test_a_visit_takes_the_projects_and_the_devices_defaults(walk, cast):
    visit = create_session(walk.project.pk, viewer=cast.contributor)
    visit.refresh_from_db()
    assert (visit.project, visit.user, visit.language_id) == (walk.project, cast.contributor, 1)
    assert (visit.geo_listen_enabled, visit.demo_stream_enabled, visit.timezone) == (True, False, "0000")
    assert (visit.device_id, visit.client_type, visit.client_system) == ("device-of-contributor", "web", None)


def test_a_visit_takes_what_the_client_says(walk, cast):
    finnish = Language.objects.create(code="fi")
    options = VisitOptions(
        language_code="fi-FI",
        timezone="-0800",
        geo_listen_enabled=False,
        demo_stream_enabled=True,
        client_type="walker",
        client_system="x" * 500,
    )
    visit = create_session(str(walk.project.pk), viewer=cast.contributor, options=options)
    visit.refresh_from_db()
    assert (visit.language, visit.timezone, visit.geo_listen_enabled) == (finnish, "-0800", False)
    assert (visit.demo_stream_enabled, visit.client_type, visit.client_system) == (True, "walker", "x" * 128)


def test_geo_listening_follows_the_project(walk, cast):
    walk.project.geo_listen_enabled = False
    walk.project.save()
    assert create_session(walk.project.pk, viewer=cast.contributor).geo_listen_enabled is False
    options = VisitOptions(geo_listen_enabled=True)
    assert create_session(walk.project.pk, viewer=cast.contributor, options=options).geo_listen_enabled is True


@pytest.mark.parametrize("timezone", ["", "800", "Europe/Helsinki", "+08:00", "-0800\n", "00000"])
def test_a_timezone_that_is_none_is_refused(walk, cast, timezone):
    with pytest.raises(InvalidInput) as refusal:
        create_session(walk.project.pk, viewer=cast.contributor, options=VisitOptions(timezone=timezone))
    assert refusal.value.field == "timezone"
    assert Session.objects.count() == 1


def test_a_visit_needs_a_project_a_language_and_an_account(walk, cast):
    with pytest.raises(NotFound) as refusal:
        create_session(999_999, viewer=cast.contributor)
    assert refusal.value.field == "project_id"
    with pytest.raises(NotFound) as refusal:
        create_session(walk.project.pk, viewer=cast.contributor, options=VisitOptions(language_id=999_999))
    assert refusal.value.field == "language_id"
    with pytest.raises(NotAuthenticated):
        create_session(walk.project.pk, viewer=ANONYMOUS)
    assert Session.objects.count() == 1


def test_an_event_is_kept_as_it_came(walk, cast):
    visit = make_session(walk.project, cast.contributor)
    details = EventDetails(client_time="2015-03-13T13:00:09", latitude="", longitude="1e1", tag_ids="1,2,", data="x")
    event = log_event(visit.pk, "client_error", viewer=cast.contributor, details=details)
    event.refresh_from_db()
    assert (event.session, event.event_type, event.client_time) == (visit, "client_error", "2015-03-13T13:00:09")
    assert (event.latitude, event.longitude, event.tag_ids, event.data) == ("", "1e1", "1,2,", "x")


@pytest.mark.parametrize(
    ("latitude", "longitude", "place"),
    [
        ("60.17", "24.94", (24.94, 60.17)),
        ("-90", " 1.8e2 ", (180.0, -90.0)),
        ("91", "24.94", None),
        ("60.17", None, None),
        ("", "", None),
        ("nan", "0", None),
        ("north", "0", None),
    ],
)
def test_an_event_has_a_point_where_it_names_a_place_on_earth(walk, cast, latitude, longitude, place):
    visit = make_session(walk.project, cast.contributor)
    details = EventDetails(latitude=latitude, longitude=longitude)
    event = log_event(visit.pk, "here", viewer=cast.contributor, details=details)
    event.refresh_from_db()
    assert (event.position and event.position.coords) == place
    assert (event.latitude, event.longitude) == (latitude, longitude)


def test_a_visit_ends_once_and_goes_on_when_somebody_comes_back(walk, cast):
    visit = make_session(walk.project, cast.contributor)
    ended_at = end_visit(visit).ended_at
    assert visit.started_at <= ended_at <= timezone.now()
    assert end_visit(Session.objects.get(pk=visit.pk)).ended_at == ended_at
    go_on(visit)
    assert Session.objects.get(pk=visit.pk).ended_at is None


def test_nobody_notes_anything_in_anothers_visit(walk, cast):
    visit = make_session(walk.project, cast.contributor)
    for viewer, error in ((cast.stranger, NotFound), (ANONYMOUS, NotFound), (cast.owner, NotPermitted)):
        with pytest.raises(error):
            log_event(visit.pk, "start_listen", viewer=viewer)
    assert not Event.objects.exists()


@pytest.mark.parametrize(
    ("event_type", "details", "field"),
    [
        ("", EventDetails(), "event_type"),
        ("x" * 51, EventDetails(), "event_type"),
        ("start", EventDetails(latitude="6" * 51), "latitude"),
        ("start", EventDetails(data="a\x00b"), "data"),
    ],
)
def test_an_event_that_cannot_be_stored_is_refused(walk, cast, event_type, details, field):
    visit = make_session(walk.project, cast.contributor)
    with pytest.raises(InvalidInput) as refusal:
        log_event(visit.pk, event_type, viewer=cast.contributor, details=details)
    assert refusal.value.field == field
    assert not Event.objects.exists()
