"""What somebody hands in, held against the rules of its project before anybody looks at the file."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Protocol

from django.conf import settings

from backend.assets.ingest import IngestLimits
from backend.assets.models import Asset, Envelope, MediaType
from backend.assets.resources import ASSET
from backend.errors import DomainError, InvalidInput
from backend.geo.position import Position
from backend.ids import LanguageId
from backend.projects.models import Project
from backend.projects.ownership import may_edit
from backend.projects.resources import LANGUAGE
from backend.resources.cleaning import cleaned
from backend.resources.values import bounded
from backend.resources.viewer import Viewer
from backend.soundscape.queries import is_within_reach
from backend.tagging.belonging import check_tags
from backend.tagging.models import Tag
from backend.tagging.resources import TAG
from backend.visits.models import Session


class ContributionsClosed(DomainError):
    """The project takes no contributions."""

    code = "CONTRIBUTIONS_CLOSED"


class ReceivedFile(Protocol):
    """A file as Django's uploads are one; those on disk have a `temporary_file_path` besides."""

    size: int | None

    def chunks(self) -> Iterator[bytes]:
        """The bytes, in pieces."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UploadRequest:
    """What came with a file; None leaves it to the project, the visit or the default.

    Coordinates are degrees (numbers or their text). `upload_id` is a UUID of the client's own choice, by which it
    asks how far the upload has come, and may send it again without doing it twice.
    """

    envelope_id: object
    file: ReceivedFile
    media_type: str | None = None
    latitude: object = None
    longitude: object = None
    submitted: bool | None = None
    tag_ids: Iterable[object] = ()
    description: str = ""
    language_id: object = None
    weight: int | None = None
    volume: float | None = None
    upload_id: object = None


@dataclass(frozen=True, slots=True)
class Contribution:
    """What may be stored: an unsaved asset that lacks nothing but its file, and what that file may be."""

    asset: Asset
    tags: list[Tag]
    limits: IngestLimits


def contribution(request: UploadRequest, envelope: Envelope, *, viewer: Viewer) -> Contribution:
    """The request as the project's rules make it. Raises DomainError."""
    visit, project = envelope.session, project_of(envelope)
    is_editor = may_edit(viewer, project.pk)
    if not (project.speak_enabled or is_editor):
        raise ContributionsClosed("This project takes no contributions at the moment.")
    submitted, position = _review(request, visit, project, is_editor=is_editor)
    asset = Asset(
        project=project,
        session=visit,
        user_id=viewer.id,
        initial_envelope=envelope,
        media_type=request.media_type or MediaType.AUDIO,
        language_id=_language(request, visit, viewer),
        description=request.description,
        submitted=submitted,
    )
    if position is not None:
        asset.latitude, asset.longitude = position.latitude, position.longitude
    _mix(asset, request, viewer)
    tags = TAG.find_all(bounded(request.tag_ids, field="tag_ids"), viewer, field="tag_ids")
    check_tags("tag_ids", {"tag_ids": tags}, asset)
    return Contribution(cleaned(asset), tags, _limits(project, is_editor=is_editor))


def project_of(envelope: Envelope) -> Project:
    """Raises InvalidInput for the visit that belongs to none."""
    if envelope.session.project is None:
        raise InvalidInput("The visit of this envelope belongs to no project.", field="envelope_id")
    return envelope.session.project


def _review(
    request: UploadRequest, visit: Session, project: Project, *, is_editor: bool
) -> tuple[bool, Position | None]:
    """Whether others may hear it at once, and where it is (reference 3.1).

    Only an editor can pass it by the review: a contributor's `submitted: true` counts as left out.
    """
    position = _position(request)
    if request.submitted is False or (request.submitted and is_editor):
        return request.submitted, position
    if position is None:
        return False, Position(project.latitude, project.longitude)
    is_in_range = is_within_reach(project, position, is_geo=visit.geo_listen_enabled)
    return is_in_range and project.auto_submit, position


def _position(request: UploadRequest) -> Position | None:
    if request.latitude is None and request.longitude is None:
        return None
    return Position.checked(request.latitude, request.longitude)


def _language(request: UploadRequest, visit: Session, viewer: Viewer) -> LanguageId | None:
    if request.language_id is not None:
        return LanguageId(LANGUAGE.find(request.language_id, viewer, field="language_id").pk)
    return None if visit.language_id is None else LanguageId(visit.language_id)


def _mix(asset: Asset, request: UploadRequest, viewer: Viewer) -> None:
    """How loud it is and how early it plays, as far as the viewer may say so."""
    given = {"volume": request.volume, "weight": request.weight}
    data = {name: value for name, value in given.items() if value is not None}
    for name, value in ASSET.prepare(data, viewer=viewer, row=asset).items():
        setattr(asset, name, value)


def _limits(project: Project, *, is_editor: bool) -> IngestLimits:
    contributors = project.max_recording_seconds + settings.RECORDING_MARGIN_SECONDS
    return IngestLimits(
        seconds=settings.STAFF_RECORDING_SECONDS if is_editor else contributors, bytes=settings.MAX_ASSET_BYTES
    )
