"""Who holds a project's log waits for nobody who waits for it."""

import threading
import time

import pytest
from django.db import connection, transaction

from backend.catalogue import writer
from backend.journal.models import Entry
from backend.tagging.resources import TAG

PATIENCE_SECONDS = 20
WAITING = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"


def somebody_waits():
    with connection.cursor() as cursor:
        cursor.execute(WAITING)
        return cursor.fetchone()[0] > 0


@pytest.mark.django_db(transaction=True)
def test_what_somebody_edits_can_be_linked_to_by_who_holds_the_log(walk, cast):
    if not connection.features.has_select_for_update:
        pytest.skip("SQLite locks all at once.")
    failures = []
    before = Entry.objects.count()

    def edit_the_tag():
        try:
            writer.update(TAG, walk.tags[1].pk, {"value": "rock"}, viewer=cast.owner)
        except Exception as error:
            failures.append(error)
        finally:
            connection.close()

    editor = threading.Thread(target=edit_the_tag)
    with transaction.atomic():
        walk.asset.save()
        editor.start()
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not somebody_waits():
            assert time.monotonic() < deadline
        walk.asset.tags.add(walk.tags[1])
    editor.join(PATIENCE_SECONDS)
    assert failures == []
    assert set(walk.asset.tags.values_list("value", flat=True)) == {"sea", "rock"}
    assert Entry.objects.count() == before + 3
