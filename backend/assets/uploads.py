"""A file becomes an asset: checked, ingested in private, then stored with its rows in one short transaction."""

import uuid
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Protocol

from django.db import IntegrityError, transaction
from django.db.models import Model
from django.utils import timezone

from backend.assets.contributions import Contribution, ReceivedFile, UploadRequest, contribution, project_of
from backend.assets.ingest import Ingested, IngestLimits, ingest
from backend.assets.models import DESCRIPTION_LENGTH, Asset, AssetUpload, Envelope, MediaType, UploadState
from backend.assets.progress import Attempt, advance, begin
from backend.assets.resources import ENVELOPE
from backend.assets.signals import asset_contributed
from backend.assets.storage import full_disk_told, moved_in, private_directory
from backend.errors import InvalidInput, NotFound, NotPermitted
from backend.resources.cleaning import cleaned
from backend.resources.viewer import Viewer, signed_in
from backend.visits.ownership import is_own_visit


class Ingest(Protocol):
    """What `ingest.ingest` promises."""

    def __call__(
        self,
        source: Path,
        *,
        kind: MediaType,
        into: Path,
        limits: IngestLimits,
        progress: Callable[[str], None],
    ) -> Ingested: ...


def add_upload(request: UploadRequest, *, viewer: Viewer, ingest: Ingest = ingest) -> AssetUpload:
    """The upload, stored, with its asset; one that was stored before under the same id is given back as it is.

    Call it outside of a transaction: it takes as long as the file needs. Raises NotAuthenticated, NotFound,
    NotPermitted, InvalidInput and UploadInProgress for what is no upload of the viewer's. From then on the attempt
    is on record, its state published at each step, and every DomainError is kept with it; nothing else of it is.
    """
    signed_in(viewer)
    upload_id, envelope = _chosen_id(request.upload_id), _own_envelope(request.envelope_id, viewer)
    project = project_of(request, envelope, viewer=viewer)
    with full_disk_told(), private_directory(str(upload_id)) as directory:
        upload = begin(upload_id, envelope)
        if upload.state == UploadState.STORED:
            return upload
        # Gone before the attempt notes how it ended: on a full disk that needs the room.
        with Attempt(upload), full_disk_told(), TemporaryDirectory(dir=directory) as made:
            wanted = contribution(request, envelope, project, viewer=viewer)
            ingested = ingest(
                on_disk(request.file, Path(made)),
                kind=MediaType(wanted.asset.media_type),
                into=Path(made),
                limits=wanted.limits,
                progress=partial(advance, upload),
            )
            _store(upload, wanted, ingested, Path(made))
        return upload


def _chosen_id(given: object) -> uuid.UUID:
    try:
        return uuid.uuid4() if given is None else uuid.UUID(str(given))
    except ValueError:
        raise InvalidInput("The id of an upload is a UUID.", field="upload_id") from None


def _own_envelope(envelope_id: object, viewer: Viewer) -> Envelope:
    envelope = ENVELOPE.find(envelope_id, viewer, field="envelope_id", joined=("session__project",))
    if not is_own_visit(viewer, envelope.session):
        raise NotPermitted("This envelope is of somebody else's visit.", field="envelope_id")
    return envelope


def on_disk(file: ReceivedFile, directory: Path) -> Path:
    """Where ingest can read it: where the server has spooled it, else in this directory."""
    spooled = getattr(file, "temporary_file_path", None)
    if spooled is not None:
        return Path(spooled())
    path = directory / "received"
    with path.open("wb") as copy:
        for chunk in file.chunks():
            copy.write(chunk)
    return path


def _store(upload: AssetUpload, wanted: Contribution, ingested: Ingested, made: Path) -> None:
    """Files first, then their rows: a crash between leaves a file that no row names, never a row without its file."""
    asset = cleaned(_completed(wanted.asset, ingested))
    try:
        with moved_in(made, ingested.files), transaction.atomic():
            _store_rows(upload, asset, wanted.links)
    except IntegrityError:
        raise InvalidInput("Something that this belongs to was deleted meanwhile.") from None


def _store_rows(upload: AssetUpload, asset: Asset, links: Mapping[str, list[Model]]) -> None:
    if not AssetUpload.objects.select_for_update().filter(pk=upload.pk).exists():
        raise NotFound("The visit of this envelope was deleted meanwhile.", field="envelope_id")
    # Clients ask for what was created since they last asked: not when it came, while it could not be seen yet.
    asset.created_at = timezone.now()
    asset.save()
    for relation, rows in links.items():
        getattr(asset, relation).set(rows)
    upload.envelope.assets.add(asset)
    advance(upload, UploadState.STORED, asset=asset)
    asset_contributed.send(Asset, asset=asset)


def _completed(asset: Asset, ingested: Ingested) -> Asset:
    """The asset with what its file says."""
    asset.file.name, asset.filename = ingested.original, ingested.playable
    asset.duration_seconds = ingested.duration_seconds
    asset.start_seconds, asset.end_seconds = _heard_part(asset, ingested.duration_seconds)
    asset.loudness_gain_db, asset.waveform = ingested.loudness_gain_db, ingested.waveform
    # A text is found and read without its file, as far as it fits.
    asset.description = asset.description or (ingested.text or "")[:DESCRIPTION_LENGTH]
    return asset


def _heard_part(asset: Asset, duration_seconds: float | None) -> tuple[float | None, float | None]:
    """From where to where it is heard: the part that was asked for, as far as the file has it, else the whole."""
    if duration_seconds is None:
        return None, None
    start, end = asset.start_seconds or 0.0, asset.end_seconds
    if 0 < duration_seconds <= start:
        raise InvalidInput(f"The recording lasts {duration_seconds:g} s.", field="start_seconds")
    return start, duration_seconds if end is None else min(end, duration_seconds)
