"""An asset that is deleted takes its files along, and so does a speaker, or one that is given another sound."""

from collections.abc import Callable
from typing import Any

from django.db import transaction
from django.db.models.signals import post_delete, pre_save

from backend.assets.media import assets_with_files, is_made_here, is_of_a_place, named_file, siblings
from backend.assets.models import Asset
from backend.assets.storage import media_folder
from backend.soundscape.models import Speaker


def connect() -> None:
    """Listen to Django's signals from now on; asked once, when the rooms are ready."""
    post_delete.connect(_on_deleted, sender=Asset, dispatch_uid="media_removal")
    pre_save.connect(_on_speaker_saved, sender=Speaker, dispatch_uid="media_removal")
    post_delete.connect(_on_speaker_deleted, sender=Speaker, dispatch_uid="media_removal")


def _on_deleted(instance: Asset, **_: Any) -> None:
    for name in {instance.filename, instance.file.name, instance.caption_file.name}:
        if name:
            transaction.on_commit(_removal(name), robust=True)


def _on_speaker_saved(instance: Speaker, **_: Any) -> None:
    """What it named before goes, unless something names it afterwards."""
    for uris in Speaker.objects.filter(pk=instance.pk).values_list("uri", "backup_uri"):
        _remove_sounds(*uris)


def _on_speaker_deleted(instance: Speaker, **_: Any) -> None:
    _remove_sounds(instance.uri, instance.backup_uri)


def _remove_sounds(*uris: str) -> None:
    """Only what was made here: an editor may name any file that lies in the folder, and then another."""
    for name in {named_file(uri) for uri in uris}:
        if is_made_here(name):
            transaction.on_commit(_removal(name), robust=True)


def _removal(name: str) -> Callable[[], None]:
    """Robust: the row has gone already, whatever becomes of the file. (Django asks a robust callback for its name.)"""

    def remove_files() -> None:
        remove_unless_named(name)

    return remove_files


def remove_unless_named(name: str) -> None:
    """This file and those of its stem, unless an asset, a speaker or a project still names one of them."""
    names = siblings(name)
    if assets_with_files(names).exists() or is_of_a_place(name):
        return
    folder = media_folder().resolve()
    for path in (folder / each for each in names):
        # Names that editors typed may lead elsewhere.
        if path.resolve().parent == folder:
            path.unlink(missing_ok=True)
