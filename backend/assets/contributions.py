"""What somebody hands in, held against the rules of its project before anybody looks at the file."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from django.conf import settings
from django.db.models import Model

from backend.assets.ingest import IngestLimits
from backend.assets.models import Asset, Envelope, MediaType
from backend.assets.resources import ASSET
from backend.errors import DomainError, InvalidInput, NotPermitted
from backend.geo.position import Position
from backend.ids import LanguageId
from backend.projects.models import LocalizedString, Project
from backend.projects.ownership import may_edit
from backend.projects.queries import project as find_project
from backend.projects.resources import LANGUAGE, LOCALIZED_STRING
from backend.resources.cleaning import cleaned
from backend.resources.values import bounded
from backend.resources.viewer import Viewer
from backend.soundscape.queries import is_within_reach
from backend.tagging.belonging import check_tags
from backend.tagging.resources import TAG
from backend.visits.models import Session

# Where the texts of an asset's relations are named.
TEXT_FIELDS = {"description_texts": "description_text_ids", "alt_texts": "alt_text_ids"}


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

    Coordinates are degrees (numbers or their text). `start_seconds` and `end_seconds` are of the part that is heard.
    `project_id` is needed in the visit of the staff, which belongs to none. `upload_id` is a UUID of the client's own
    choice, by which it asks how far the upload has come, and may send it again without doing it twice.
    """

    envelope_id: object
    file: ReceivedFile
    project_id: object = None
    media_type: str | None = None
    latitude: object = None
    longitude: object = None
    submitted: bool | None = None
    tag_ids: Iterable[object] = ()
    description: str = ""
    description_text_ids: Iterable[object] = ()
    alt_text_ids: Iterable[object] = ()
    language_id: object = None
    start_seconds: float | None = None
    end_seconds: float | None = None
    weight: int | None = None
    volume: float | None = None
    upload_id: object = None


@dataclass(frozen=True, slots=True)
class Contribution:
    """What may be stored: an unsaved asset that lacks nothing but its file, and what that file may be.

    `links` are the rows that it is to be linked with, by relation.
    """

    asset: Asset
    links: Mapping[str, list[Model]]
    limits: IngestLimits


def project_of(request: UploadRequest, envelope: Envelope, *, viewer: Viewer) -> Project:
    """The project of the envelope's visit; for the staff's own visit, which has none, the one that is named.

    Raises NotFound, and InvalidInput when another is named than is visited, or none at all.
    """
    visited = envelope.session.project
    if request.project_id is None:
        if visited is None:
            raise InvalidInput("The visit of this envelope belongs to no project: name one.", field="project_id")
        return visited
    named = find_project(request.project_id, viewer)
    if visited not in (None, named):
        raise InvalidInput("The visit of this envelope is to another project.", field="project_id")
    return visited or named


def contribution(request: UploadRequest, envelope: Envelope, project: Project, *, viewer: Viewer) -> Contribution:
    """The request as the rules of `project_of` make it. Raises DomainError."""
    visit = envelope.session
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
        start_seconds=request.start_seconds,
        end_seconds=request.end_seconds,
    )
    if position is not None:
        asset.latitude, asset.longitude = position.latitude, position.longitude
    links = _edited(asset, request, viewer)
    tags = TAG.find_all(bounded(request.tag_ids, field="tag_ids"), viewer, field="tag_ids")
    check_tags("tag_ids", {"tag_ids": tags}, asset)
    return Contribution(cleaned(asset), {"tags": [*tags], **links}, ingest_limits(project, is_editor=is_editor))


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


def _edited(asset: Asset, request: UploadRequest, viewer: Viewer) -> dict[str, list[Model]]:
    """What the viewer may say as an editor: the asset is as loud and as early as that; gives its texts by relation."""
    texts = {relation: _texts(request, field, viewer) for relation, field in TEXT_FIELDS.items()}
    given: dict[str, Any] = {"volume": request.volume, "weight": request.weight, **texts}
    data = {name: value for name, value in given.items() if value not in (None, [])}
    try:
        prepared = ASSET.prepare(data, viewer=viewer, row=asset)
    except NotPermitted as refusal:
        refusal.field = TEXT_FIELDS.get(refusal.field or "", refusal.field)
        raise
    for name in prepared.keys() - TEXT_FIELDS.keys():
        setattr(asset, name, prepared[name])
    return {name: rows for name, rows in prepared.items() if name in TEXT_FIELDS}


def _texts(request: UploadRequest, field: str, viewer: Viewer) -> list[LocalizedString]:
    return LOCALIZED_STRING.find_all(bounded(getattr(request, field), field=field), viewer, field=field)


def ingest_limits(project: Project, *, is_editor: bool) -> IngestLimits:
    """What a file may be that an editor or somebody else hands in."""
    contributors = project.max_recording_seconds + settings.RECORDING_MARGIN_SECONDS
    return IngestLimits(
        seconds=settings.STAFF_RECORDING_SECONDS if is_editor else contributors, bytes=settings.MAX_ASSET_BYTES
    )
