"""A visit that goes on in another language: what it hears does, too."""

from collections.abc import Iterable
from functools import partial
from typing import Any

from django.db import transaction
from django.db.models.signals import post_save

from backend.bus import publish
from backend.bus.commands import ChooseLanguage
from backend.ids import LanguageId, StreamId
from backend.listening.models import OPEN_STATES, Stream
from backend.visits.models import Session


def connect() -> None:
    """Listen to Django's signals from now on; asked once, when the rooms are ready."""
    post_save.connect(_on_visit, sender=Session, dispatch_uid="visit_languages")


def _on_visit(instance: Session, *, created: bool, update_fields: Iterable[str] | None = None, **_: Any) -> None:
    if created or (update_fields is not None and "language" not in update_fields):
        return
    language_id = None if instance.language_id is None else LanguageId(instance.language_id)
    for stream_id in Stream.objects.filter(session=instance, state__in=OPEN_STATES).values_list("pk", flat=True):
        transaction.on_commit(partial(publish, ChooseLanguage(StreamId(str(stream_id)), language_id)))
