"""The log ends by age and by number: always its oldest events, so that what is left has no holes."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Exists, Max, OuterRef

from backend.ids import ProjectId
from backend.journal.models import Entry, Head
from backend.projects.models import Project

# What one statement deletes at most: whoever records waits so long.
BATCH = 1_000
# A log shortens itself when it has grown by so many, wherever nobody else does it.
SHORTEN_EVERY = 1_000


def trim(now: datetime) -> int:
    """Deletes what is older than the log may be, or more than it may hold; gives how many events are gone.

    In small steps, each a transaction of its own: call it outside of one.
    """
    gone = sum(_delete_upto(project_id, last) for project_id, last in _ends(now).items())
    _forget_deleted_projects()
    return gone


def shorten_now_and_then(project_id: ProjectId, *, first: int, last: int) -> None:
    """After the events of these numbers were written: once in a thousand, as many are deleted as are too many."""
    if (first - 1) // SHORTEN_EVERY < last // SHORTEN_EVERY:
        _delete_upto(project_id, last - settings.JOURNAL_MOST_EVENTS)


def _ends(now: datetime) -> dict[int, int]:
    """The number of the last event that is to go, by project."""
    long_ago = now - timedelta(hours=settings.JOURNAL_HOURS)
    heads = Head.objects.filter(sequence__gt=settings.JOURNAL_MOST_EVENTS).values_list("project", "sequence")
    ends = {project_id: sequence - settings.JOURNAL_MOST_EVENTS for project_id, sequence in heads}
    # By number, too: the clocks of several machines may differ, and no hole shall be left.
    old = Entry.objects.filter(recorded_at__lt=long_ago).order_by().values_list("project")
    for project_id, sequence in old.annotate(Max("sequence")):
        ends[project_id] = max(sequence, ends.get(project_id, 0))
    return ends


def _delete_upto(project_id: int, last: int) -> int:
    rows = Entry.objects.filter(project=project_id).order_by("sequence")
    gone = 0
    while (oldest := rows.values_list("sequence", flat=True).first()) is not None and oldest <= last:
        gone += rows.filter(sequence__lte=min(last, oldest + BATCH - 1)).order_by().delete()[0]
    return gone


def _forget_deleted_projects() -> None:
    """Once its log is empty: numbers that begin anew must not meet old ones."""
    is_there = Exists(Project.objects.filter(pk=OuterRef("pk")))
    is_logged = Exists(Entry.objects.filter(project=OuterRef("pk")))
    Head.objects.filter(~is_there, ~is_logged).delete()
