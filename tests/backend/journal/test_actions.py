"""Events have a number in their project, without holes, and only what is committed has one."""

import threading

import pytest
from django.db import connection, transaction
from django.test import TestCase

from backend.bus.cursor import Cursor
from backend.bus.events import AssetAdded, RangeLeft, SoundscapeChanged, StreamOpened
from backend.journal import actions
from backend.journal.actions import record, record_all, record_once, recorded_here
from backend.journal.models import Entry, Head
from backend.journal.queries import entries, head
from backend.journal.retention import SHORTEN_EVERY
from tests.cast import make_project

STREAM = "3f0e0000-0000-4000-8000-000000000000"
THREADS, EACH = 8, 15


@pytest.fixture
def project(db):
    """Its own making is in its log already."""
    return make_project()


@pytest.fixture
def stamped(recording_bus):
    """What was published with its number, in order."""
    heard = []
    recording_bus.listen("de", heard.append)
    return lambda: [(envelope.message, envelope.stamp.cursor.sequence) for envelope in heard]


def numbers(project):
    return list(Entry.objects.filter(project=project.pk).order_by("sequence").values_list("sequence", flat=True))


def committed():
    return TestCase.captureOnCommitCallbacks(execute=True)


class TestRecord:
    def test_an_event_is_told_on_commit_with_its_number(self, project, stamped):
        before = head(project.pk)
        with committed():
            record(StreamOpened(STREAM, project.pk, 7))
            assert stamped() == []
        assert stamped() == [(StreamOpened(STREAM, project.pk, 7), before.sequence + 1)]
        assert head(project.pk) == Cursor(before.epoch, before.sequence + 1)

    def test_numbers_count_in_each_project(self, project, django_assert_num_queries):
        other = make_project()
        begin, other_begin = head(project.pk).sequence, head(other.pk).sequence
        with django_assert_num_queries(4):
            record_all(
                [
                    RangeLeft(STREAM, other.pk),
                    SoundscapeChanged(project.pk),
                    RangeLeft(STREAM, other.pk),
                    RangeLeft(STREAM, other.pk),
                ]
            )
        assert numbers(project)[-1] == begin + 1
        assert numbers(other)[-3:] == [other_begin + 1, other_begin + 2, other_begin + 3]

    def test_an_event_costs_two_statements(self, project, django_assert_num_queries):
        with django_assert_num_queries(2):
            record(RangeLeft(STREAM, project.pk))

    def test_what_is_of_no_project_is_told_and_not_kept(self, db, recording_bus):
        with committed():
            record(AssetAdded(0, 5, None))
        assert recording_bus.sent == [AssetAdded(0, 5, None)]
        assert not Head.objects.exists()

    def test_what_is_undone_to_a_savepoint_leaves_no_number_out(self, project, stamped):
        begin = head(project.pk).sequence
        with committed():
            record(RangeLeft(STREAM, project.pk))
            with pytest.raises(ZeroDivisionError), transaction.atomic():
                record(SoundscapeChanged(project.pk))
                raise ZeroDivisionError
            record(StreamOpened(STREAM, project.pk, 7))
        assert stamped() == [
            (RangeLeft(STREAM, project.pk), begin + 1),
            (StreamOpened(STREAM, project.pk, 7), begin + 2),
        ]

    def test_a_project_that_is_gone_has_a_log_still(self, project):
        key = project.pk
        project.delete()
        record(RangeLeft(STREAM, key))
        assert [each.event for each in entries(key, after=0)][-1] == RangeLeft(STREAM, key)

    def test_a_log_that_grows_shortens_itself(self, project, settings):
        settings.JOURNAL_MOST_EVENTS = 10
        begin = head(project.pk).sequence
        record_all([RangeLeft(STREAM, project.pk)] * (SHORTEN_EVERY - begin - 1))
        assert len(numbers(project)) == SHORTEN_EVERY - 1
        record(RangeLeft(STREAM, project.pk))
        assert numbers(project) == list(range(SHORTEN_EVERY - 9, SHORTEN_EVERY + 1))


class TestRecordOnce:
    def test_the_same_is_recorded_once_a_transaction(self, project, recording_bus):
        with committed():
            record_once(RangeLeft(STREAM, project.pk))
            record_once(SoundscapeChanged(project.pk + 1))
            record_once(RangeLeft(STREAM, project.pk))
        assert recording_bus.sent_of(RangeLeft) == [RangeLeft(STREAM, project.pk)]
        with committed():
            record_once(RangeLeft(STREAM, project.pk))
        assert len(recording_bus.sent_of(RangeLeft)) == 2

    def test_what_was_undone_is_recorded_again(self, project, recording_bus):
        with committed():
            with pytest.raises(ZeroDivisionError), transaction.atomic():
                record_once(RangeLeft(STREAM, project.pk))
                raise ZeroDivisionError
            record_once(RangeLeft(STREAM, project.pk))
        assert recording_bus.sent_of(RangeLeft) == [RangeLeft(STREAM, project.pk)]


@pytest.mark.django_db(transaction=True)
class TestTransactions:
    def test_a_transaction_that_is_rolled_back_leaves_nothing(self, recording_bus):
        project = make_project()
        begin, sent = head(project.pk), len(recording_bus.sent)
        with pytest.raises(ZeroDivisionError), transaction.atomic():
            record(RangeLeft(STREAM, project.pk))
            assert list(recorded_here()) == [RangeLeft(STREAM, project.pk)]
            raise ZeroDivisionError
        assert (head(project.pk), numbers(project)[-1]) == (begin, begin.sequence)
        assert recording_bus.sent[sent:] == []
        record(SoundscapeChanged(project.pk))
        assert head(project.pk).sequence == begin.sequence + 1

    def test_threads_count_without_holes_and_no_reader_sees_a_number_before_the_one_before(self):
        project = make_project()
        begin = head(project.pk).sequence
        failures, finished = [], threading.Event()
        seen: list[int] = []

        def write():
            try:
                for number in range(EACH):
                    if number % 5 == 4:
                        with pytest.raises(ZeroDivisionError), transaction.atomic():
                            record(RangeLeft(STREAM, project.pk))
                            raise ZeroDivisionError
                    with transaction.atomic():
                        record(RangeLeft(STREAM, project.pk))
            except Exception as error:
                failures.append(error)
            finally:
                connection.close()

        def read():
            try:
                while not (finished.is_set() and len(seen) == THREADS * EACH):
                    rows = entries(project.pk, after=begin + len(seen))
                    seen.extend(row.stamp.cursor.sequence for row in rows)
                    assert seen == list(range(begin + 1, begin + 1 + len(seen)))
            except Exception as error:
                failures.append(error)
            finally:
                connection.close()

        reader = threading.Thread(target=read)
        writers = [threading.Thread(target=write) for _ in range(THREADS)]
        for thread in (reader, *writers):
            thread.start()
        for thread in writers:
            thread.join(60)
        finished.set()
        reader.join(60)
        assert failures == []
        assert seen == list(range(begin + 1, begin + 1 + THREADS * EACH))


def test_the_statement_that_gives_numbers_names_the_real_table():
    assert "INTO journal_head " in actions._ADVANCE
