"""A stream that is closed for good, or deleted by whatever door, says so: to the engine, and to who follows it."""

from functools import partial
from typing import Any

from django.db import transaction
from django.db.models.signals import pre_delete

from backend.bus import publish
from backend.bus.commands import CloseStream
from backend.bus.events import StreamClosed
from backend.ids import ProjectId, StreamId
from backend.journal.actions import record
from backend.listening.models import OPEN_STATES, Stream, StreamState


def connect() -> None:
    """Listen to Django's signals from now on; asked once, when the rooms are ready."""
    # Before it goes: afterwards nobody knows its project.
    pre_delete.connect(_before_it_goes, sender=Stream, dispatch_uid="farewells")


def say_closed(stream: Stream, *, was: StreamState) -> None:
    """On commit; `was` is what it was before."""
    stream_id = StreamId(str(stream.pk))
    if was != StreamState.CLOSED:
        transaction.on_commit(partial(publish, CloseStream(stream_id)))
    if was in OPEN_STATES:
        # By us, for there may be no engine. Of an idle one that was said before.
        record(StreamClosed(stream_id, ProjectId(stream.session.project_id or 0), "CLOSED"))


def _before_it_goes(instance: Stream, **_: Any) -> None:
    # As it is now: somebody may have closed it since it was found. And locked before the log is, as everywhere.
    stored = Stream.objects.filter(pk=instance.pk).select_related("session").select_for_update(of=("self",)).first()
    if stored is not None:
        say_closed(stored, was=StreamState(stored.state))
