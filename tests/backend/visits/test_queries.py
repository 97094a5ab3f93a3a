"""Visits, for a viewer: which events concern a tag, and what time it is where somebody is."""

from datetime import UTC, timedelta, timezone

import pytest
from django.utils import timezone as clock

from backend.errors import InvalidInput
from backend.resources.lookup_values import MOST_VALUES
from backend.resources.viewer import ANONYMOUS, Caller
from backend.visits.models import Event, Session
from backend.visits.queries import events_about, events_at, zone_of
from tests.cast import make_session

WRITTEN = ["3,8", "[3, 8]", "8", "1,2,", "18,80", "0.8", "8.5", "-8", '["8", "3"]', "a8", "", None, "38", "3;8\n"]


@pytest.fixture
def visit(walk, cast):
    return make_session(walk.project, cast.contributor)


class TestEventsAboutTags:
    @pytest.fixture
    def about(self, visit):
        for written in WRITTEN:
            Event.objects.create(session=visit, event_type="x", tag_ids=written)

        def texts(*tag_ids):
            return list(events_about(Event.objects.all(), tag_ids).values_list("tag_ids", flat=True))

        return texts

    def test_a_tag_is_found_as_a_whole_number_however_it_was_written(self, about):
        assert about(8) == ["3,8", "[3, 8]", "8", '["8", "3"]', "3;8\n"]
        assert about(2) == ["1,2,"]

    def test_every_tag_must_be_named(self, about):
        assert about(3, 8) == about(8, 3) == ["3,8", "[3, 8]", '["8", "3"]', "3;8\n"]
        assert about(3, 8, 1) == []

    def test_no_tag_asks_for_nothing(self, about):
        assert about() == WRITTEN

    def test_it_is_one_statement_however_many_tags(self, about, django_assert_num_queries):
        with django_assert_num_queries(1):
            assert about(*range(MOST_VALUES)) == []

    def test_more_tags_than_a_filter_takes_are_refused(self, about):
        with pytest.raises(InvalidInput) as refusal:
            about(*range(MOST_VALUES + 1))
        assert refusal.value.field == "tag_ids"


class TestEventsAtAPlace:
    @pytest.fixture
    def at(self, visit):
        for latitude, longitude in (("60.17", "24.94"), ("60.170", "25"), ("61", "24.94"), ("north", "24.94")):
            Event.objects.create(session=visit, event_type="x", latitude=latitude, longitude=longitude)

        def places(**degrees):
            return list(events_at(Event.objects.all(), **degrees).values_list("latitude", "longitude"))

        return places

    def test_one_coordinate_or_both_are_sought_as_numbers(self, at):
        assert at(latitude=60.17) == [("60.17", "24.94"), ("60.170", "25")]
        assert at(longitude=24.94) == [("60.17", "24.94"), ("61", "24.94")]
        assert at(latitude=60.17, longitude=24.94) == [("60.17", "24.94")]

    def test_what_begins_alike_is_elsewhere(self, at):
        assert at(latitude=6) == at(latitude=60) == at(longitude=2) == []

    @pytest.mark.parametrize("degrees", [{"latitude": 1e308}, {"longitude": -1e308}, {"latitude": 91.0}])
    def test_nothing_is_off_the_earth(self, at, degrees):
        assert at(**degrees) == []

    def test_no_coordinate_asks_for_nothing(self, at):
        assert len(at()) == 4


def hours(number):
    return timezone(timedelta(hours=number))


class TestTheZone:
    @pytest.mark.parametrize(
        ("written", "zone"),
        [
            ("-0500", hours(-5)),
            ("0200", hours(2)),
            ("+0530", hours(5.5)),
            ("0000", UTC),
            ("-8000", UTC),
            ("9999", UTC),
            ("0199", UTC),
            ("Z", UTC),
            ("", UTC),
        ],
    )
    def test_it_is_what_the_visit_says(self, visit, cast, written, zone):
        Session.objects.filter(pk=visit.pk).update(timezone=written)
        for session_id in (visit.pk, str(visit.pk), None):
            assert zone_of(cast.contributor, session_id).utcoffset(None) == zone.utcoffset(None)

    def test_the_visit_that_is_named_counts_before_the_latest(self, walk, cast, visit):
        Session.objects.filter(pk=visit.pk).update(timezone="-0500")
        earlier = clock.now() - timedelta(days=1)
        make_session(walk.project, cast.contributor, timezone="+0300", started_at=earlier)
        named = make_session(walk.project, cast.contributor, timezone="+0200", started_at=earlier)
        assert zone_of(cast.contributor, named.pk) == hours(2)
        assert zone_of(cast.contributor) == hours(-5)

    @pytest.mark.parametrize("named", ["theirs", 999_999, "x", {}, [1], 10**30, float("inf"), "\x00", True])
    def test_one_that_the_viewer_may_not_see_is_as_none(self, walk, cast, visit, named):
        Session.objects.filter(pk=visit.pk).update(timezone="-0500")
        session_id = visit.pk if named == "theirs" else named
        assert zone_of(cast.stranger, session_id) == UTC
        assert zone_of(ANONYMOUS, session_id) == UTC
        make_session(walk.project, cast.stranger, timezone="0100")
        assert zone_of(cast.stranger, session_id) == hours(1)

    def test_owners_and_staff_speak_of_the_visits_that_they_see(self, walk, cast, visit):
        Session.objects.filter(pk=visit.pk).update(timezone="-0500")
        for viewer in (cast.owner, cast.curator):
            assert zone_of(viewer, visit.pk) == hours(-5)
            assert zone_of(viewer) == UTC

    def test_in_one_request_it_is_read_once(self, cast, visit, django_assert_num_queries):
        caller = Caller.of(cast.contributor)
        with django_assert_num_queries(1):
            assert [zone_of(caller, visit.pk) for _ in range(3)] == [UTC] * 3
