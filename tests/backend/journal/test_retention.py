"""The log ends by age and by number, without holes."""

from datetime import timedelta

import pytest
from django.utils import timezone

from backend.bus.events import RangeLeft
from backend.journal import retention
from backend.journal.actions import record_all
from backend.journal.models import Entry, Head
from backend.journal.queries import head
from backend.journal.retention import trim
from tests.cast import make_project

STREAM = "3f0e0000-0000-4000-8000-000000000000"


@pytest.fixture
def now():
    return timezone.now()


@pytest.fixture
def project(db):
    """One whose log has ten events."""
    made = make_project()
    Entry.objects.all().delete()
    Head.objects.all().delete()
    record_all([RangeLeft(STREAM, made.pk)] * 10)
    return made


def numbers(project):
    return list(Entry.objects.filter(project=project.pk).order_by("sequence").values_list("sequence", flat=True))


def age(now, *sequences, hours):
    Entry.objects.filter(sequence__in=sequences).update(recorded_at=now - timedelta(hours=hours))


def test_what_is_neither_old_nor_too_much_stays(project, now):
    age(now, 1, 2, hours=23.9)
    assert trim(now) == 0
    assert numbers(project) == list(range(1, 11))


def test_what_is_old_goes(project, now):
    age(now, 1, 2, 3, hours=24.1)
    assert trim(now) == 3
    assert numbers(project) == list(range(4, 11))
    assert trim(now) == 0


def test_what_is_too_much_goes_in_small_steps(project, now, settings, monkeypatch):
    settings.JOURNAL_MOST_EVENTS = 3
    monkeypatch.setattr(retention, "BATCH", 2)
    assert trim(now) == 7
    assert numbers(project) == [8, 9, 10]


def test_each_project_has_its_own(project, now, settings):
    other = make_project()
    settings.JOURNAL_MOST_EVENTS = 10
    record_all([RangeLeft(STREAM, other.pk)] * 10)
    first = numbers(other)[0]
    last = head(other.pk).sequence
    age(now, 2, hours=30)
    Entry.objects.filter(project=other.pk).update(recorded_at=now)
    trim(now)
    assert numbers(project) == list(range(3, 11))
    assert numbers(other) == list(range(max(first, last - 9), last + 1))


def test_no_hole_is_left_where_clocks_differ(project, now):
    age(now, 1, 3, hours=25)
    trim(now)
    assert numbers(project) == list(range(4, 11))


def test_the_numbers_go_on_when_all_is_gone(project, now):
    age(now, *range(1, 11), hours=25)
    trim(now)
    assert head(project.pk).sequence == 10


def test_a_project_that_is_gone_is_forgotten_with_its_last_event(project, now):
    key = project.pk
    project.delete()
    trim(now)
    assert Head.objects.filter(project=key).exists()
    Entry.objects.update(recorded_at=now - timedelta(hours=25))
    trim(now)
    assert not Head.objects.filter(project=key).exists()
    assert not Entry.objects.filter(project=key).exists()
