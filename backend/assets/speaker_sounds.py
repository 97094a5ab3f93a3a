"""An editor hands in a speaker's sound: its file lies among those of the assets, and the speaker's address names it."""

import uuid
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from django.conf import settings
from django.db import IntegrityError, transaction

from backend.assets.contributions import ReceivedFile, ingest_limits
from backend.assets.ingest import Ingested, ingest
from backend.assets.media import stem
from backend.assets.models import MediaType
from backend.assets.storage import full_disk_told, moved_in, private_directory
from backend.assets.uploads import Ingest, on_disk
from backend.errors import InvalidInput, NotPermitted
from backend.projects.models import Project
from backend.projects.ownership import may_edit
from backend.projects.queries import project as find_project
from backend.resources.viewer import Viewer, signed_in

Row = TypeVar("Row")


def with_sound(
    file: ReceivedFile, *, project_id: object, viewer: Viewer, save: Callable[[str], Row], ingest: Ingest = ingest
) -> Row:
    """What `save` gives, which is called with the address of the finished file, in the transaction that it is kept by.

    The sound is levelled and trimmed as every recording is. Call it outside of a transaction: it takes as long as the
    file needs. Raises NotAuthenticated, NotFound, NotPermitted, and what ingest and `save` raise; then no file is left.
    """
    limits = ingest_limits(_edited_project(project_id, viewer), is_editor=True)
    with full_disk_told(), private_directory(str(uuid.uuid4())) as directory:
        ingested = ingest(
            on_disk(file, directory), kind=MediaType.AUDIO, into=directory, limits=limits, progress=lambda stage: None
        )
        return _stored(ingested, directory, save)


def _edited_project(project_id: object, viewer: Viewer) -> Project:
    signed_in(viewer)
    project = find_project(project_id, viewer)
    if not may_edit(viewer, project.pk):
        raise NotPermitted("Only an owner of the project may put something into it.", field="project_id")
    return project


def _stored(ingested: Ingested, made: Path, save: Callable[[str], Row]) -> Row:
    # Without what was sent, if that is a file apart: a speaker has no column to name it by.
    names = [name for name in ingested.files if stem(name) == stem(ingested.playable)]
    try:
        with moved_in(made, names), transaction.atomic():
            return save(settings.MEDIA_URL + ingested.playable)
    except IntegrityError:
        raise InvalidInput("Something that this belongs to was deleted meanwhile.") from None
