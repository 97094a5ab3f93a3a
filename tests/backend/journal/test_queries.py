"""What the log holds, and what of it is gone."""

from datetime import timedelta

import pytest
from django.utils import timezone

from backend.bus.cursor import Cursor
from backend.bus.events import AssetAdded, RangeLeft, StreamPaused
from backend.journal import queries
from backend.journal.actions import record, record_all
from backend.journal.models import Entry, Head
from backend.journal.queries import BEGINNING, Missed, missed_since
from tests.cast import make_project

STREAM = "3f0e0000-0000-4000-8000-000000000000"
OTHER = "3f0e0000-0000-4000-8000-000000000001"


@pytest.fixture
def project(db):
    """One whose log is empty."""
    return empty_log(make_project())


def empty_log(project):
    Entry.objects.filter(project=project.pk).delete()
    Head.objects.filter(project=project.pk).delete()
    return project


def four(project):
    """Four events of two streams, and one of none."""
    events = [
        RangeLeft(STREAM, project.pk),
        StreamPaused(OTHER, project.pk),
        AssetAdded(project.pk, 5, None),
        StreamPaused(STREAM, project.pk),
    ]
    record_all(events)
    return events


def read(*args, **kwargs):
    return [(each.stamp.cursor.sequence, each.event) for each in queries.entries(*args, **kwargs)]


def test_events_come_as_they_were_in_their_order(project):
    events = four(project)
    assert read(project.pk, after=0) == list(enumerate(events, start=1))
    assert read(project.pk, after=1, upto=3) == [(2, events[1]), (3, events[2])]
    assert read(project.pk, after=0, limit=2) == [(1, events[0]), (2, events[1])]
    assert read(project.pk, after=0, stream_id=STREAM) == [(1, events[0]), (4, events[3])]
    assert read(project.pk + 1, after=0) == []


def test_the_last_of_a_stream_come_in_their_order_too(project):
    events = four(project)
    found = queries.latest(STREAM, limit=1)
    assert [each.event for each in found] == [events[3]]
    assert [each.event for each in queries.latest(STREAM, limit=9)] == [events[0], events[3]]
    assert found[0].stamp.cursor == queries.head(project.pk)
    assert queries.latest("nobody", limit=9) == []


def test_each_comes_with_its_place_and_its_time(project):
    before = timezone.now()
    four(project)
    stamps = [each.stamp for each in queries.entries(project.pk, after=0)]
    assert [stamp.cursor for stamp in stamps] == [Cursor(queries.head(project.pk).epoch, n) for n in (1, 2, 3, 4)]
    assert all(before <= stamp.at <= timezone.now() for stamp in stamps)


def test_what_another_version_wrote_is_left_out(project):
    events = four(project)
    Entry.objects.filter(sequence=2).update(kind="SomethingNew")
    Entry.objects.filter(sequence=3).update(body="{}")
    assert read(project.pk, after=0) == [(1, events[0]), (4, events[3])]


def test_the_heads_of_many_projects_are_read_at_once(project, django_assert_num_queries):
    other, silent = empty_log(make_project()), empty_log(make_project())
    four(project)
    record(RangeLeft(STREAM, other.pk))
    with django_assert_num_queries(1):
        heads = queries.heads([project.pk, other.pk, silent.pk])
    assert [heads[each.pk].sequence for each in (project, other, silent)] == [4, 1, 0]
    assert heads[silent.pk] == BEGINNING
    assert heads[project.pk].epoch != heads[other.pk].epoch


class TestMissed:
    @pytest.fixture
    def log(self, project):
        """Of the four the first two are gone."""
        four(project)
        Entry.objects.filter(sequence__lte=2).delete()
        return queries.head(project.pk).epoch

    @pytest.mark.parametrize(("after", "gone"), [(0, 2), (1, 1), (2, None), (3, None), (4, None)])
    def test_what_is_gone_is_counted(self, project, log, after, gone):
        expected = None if gone is None else Missed(gone, Cursor(log, 2))
        assert missed_since(project.pk, Cursor(log, after)) == expected

    def test_of_a_log_that_holds_nothing_all_is_gone(self, project, log):
        Entry.objects.all().delete()
        assert missed_since(project.pk, Cursor(log, 3)) == Missed(1, Cursor(log, 4))
        assert missed_since(project.pk, Cursor(log, 4)) is None

    @pytest.mark.parametrize("after", [Cursor("ffffffff", 3), Cursor("00000000", 3)])
    def test_of_another_log_nobody_can_tell(self, project, log, after):
        assert missed_since(project.pk, after) == Missed(None, Cursor(log, 4))

    def test_ahead_of_the_log_nobody_can_tell(self, project, log):
        assert missed_since(project.pk, Cursor(log, 5)) == Missed(None, Cursor(log, 4))

    def test_the_beginning_is_before_the_first_event_of_any_log(self, project):
        assert missed_since(project.pk, BEGINNING) is None
        record(RangeLeft(STREAM, project.pk))
        assert missed_since(project.pk, BEGINNING) is None
        Entry.objects.all().delete()
        assert missed_since(project.pk, BEGINNING) == Missed(1, queries.head(project.pk))


def test_whether_this_very_event_was_written_since_then_is_known(project):
    since = timezone.now()
    record(RangeLeft(STREAM, project.pk))
    assert queries.is_recorded(RangeLeft(STREAM, project.pk), since=since)
    assert not queries.is_recorded(RangeLeft(OTHER, project.pk), since=since)
    assert not queries.is_recorded(RangeLeft(STREAM, project.pk + 1), since=since)
    assert not queries.is_recorded(RangeLeft(STREAM, project.pk), since=since + timedelta(hours=1))
