"""An asset that is deleted takes its files along."""

from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.db.models.signals import post_delete

from backend.assets.media import assets_with_files, siblings
from backend.assets.models import Asset
from backend.assets.storage import media_folder
from backend.soundscape.models import Speaker


def connect() -> None:
    """Listen to Django's signals from now on; asked once, when the rooms are ready."""
    post_delete.connect(_on_deleted, sender=Asset, dispatch_uid="media_removal")


def _on_deleted(instance: Asset, **_: Any) -> None:
    for name in {instance.filename, instance.file.name, instance.caption_file.name}:
        if name:
            transaction.on_commit(_removal(name), robust=True)


def _removal(name: str) -> Callable[[], None]:
    """Robust: the row has gone already, whatever becomes of the file. (Django asks a robust callback for its name.)"""

    def remove_files() -> None:
        remove_unless_named(name)

    return remove_files


def remove_unless_named(name: str) -> None:
    """This file and those of its stem, unless an asset or a speaker still names one of them."""
    names = siblings(name)
    if assets_with_files(names).exists() or speakers_with_files(names):
        return
    folder = media_folder().resolve()
    for path in (folder / each for each in names):
        # Names that editors typed may lead elsewhere.
        if path.resolve().parent == folder:
            path.unlink(missing_ok=True)


def speakers_with_files(names: Iterable[str]) -> bool:
    """Whether a speaker names one of these files of the media folder."""
    paths = [f"{settings.MEDIA_URL}{written}" for name in names for written in (name, quote(name))]
    uris = [*paths, *(settings.PUBLIC_URL + path for path in paths)]
    return Speaker.objects.filter(Q(uri__in=uris) | Q(backup_uri__in=uris)).exists()
