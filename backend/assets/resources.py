"""What the doors show of assets: what is submitted to all, one's own to oneself, all to owners and staff."""

from django.db.models import Q, QuerySet
from django.utils import timezone

from backend.assets.models import Asset, AssetUpload, Envelope, TimedAsset, Vote
from backend.errors import NotPermitted
from backend.projects.ownership import may_edit, owned_projects
from backend.resources.resource import Data, Resource, Verb
from backend.resources.viewer import Viewer
from backend.tagging.belonging import check_tags
from backend.visits.models import Session
from backend.visits.ownership import is_own_visit, may_write_within, of_visits_seen

EDITED = (Verb.CREATE, Verb.UPDATE, Verb.DELETE)


def _heard_or_own(rows: QuerySet[Asset], viewer: Viewer) -> QuerySet[Asset]:
    if viewer.is_staff:
        return rows
    seen = Q(submitted=True)
    if viewer.id is not None:
        # A subquery: a join over the session would cost every list of assets.
        own_visits = Session.objects.filter(user=viewer.id).values("id")
        seen |= Q(user=viewer.id) | Q(session__in=own_visits) | Q(project__in=owned_projects(viewer))
    return rows.filter(seen)


def _of_visible_assets(rows: QuerySet[TimedAsset], viewer: Viewer) -> QuerySet[TimedAsset]:
    return rows if viewer.is_staff else rows.filter(asset__in=ASSET.rows(viewer).values("id"))


def _may_write_asset(viewer: Viewer, asset: Asset) -> bool:
    if viewer.id is not None and asset.user_id == viewer.id:
        return True
    if asset.session is not None and is_own_visit(viewer, asset.session):
        return True
    return may_edit(viewer, asset.project_id)


# What decides how and where others hear it, and texts, which projects own; the rest is its author's.
EDITORIAL = ("project", "media_type", "submitted", "shape", "volume", "weight", "description_texts", "alt_texts")


def _edited(data: Data, *, viewer: Viewer, row: Asset) -> Data:
    """A contributor may withdraw an own asset, but not pass it by the review, nor push it before others."""
    check_tags("tags", data, row)
    if may_edit(viewer, row.project_id):
        return _moderated(data, viewer, row)
    editorial = [field for field in EDITORIAL if field in data and (field, data[field]) != ("submitted", False)]
    if editorial:
        raise NotPermitted("Only an owner of the project may change this.", field=editorial[0])
    return data


def _moderated(data: Data, viewer: Viewer, row: Asset) -> Data:
    """An editor who submits or withdraws an asset has moderated it. It moves from one own project to another only."""
    if "project" in data and not may_edit(viewer, getattr(data["project"], "pk", None)):
        raise NotPermitted("Only an owner of the project may put something into it.", field="project")
    if data.get("submitted", row.submitted) == row.submitted:
        return data
    return {**data, "moderated_at": timezone.now(), "moderated_by_id": viewer.id, "moderation_reason": ""}


def _may_write_envelope(viewer: Viewer, envelope: Envelope) -> bool:
    return may_write_within(viewer, envelope.session)


def _may_write_upload(viewer: Viewer, upload: AssetUpload) -> bool:
    return is_own_visit(viewer, upload.session)


def _may_write_vote(viewer: Viewer, vote: Vote) -> bool:
    return is_own_visit(viewer, vote.session)


def _may_write_timed_asset(viewer: Viewer, timed: TimedAsset) -> bool:
    return may_edit(viewer, timed.project_id)


ASSET_FIELDS = (
    "project",
    "language",
    "media_type",
    "submitted",
    "latitude",
    "longitude",
    "shape",
    "start_seconds",
    "end_seconds",
    "volume",
    "weight",
    "tags",
    "description",
    "description_texts",
    "alt_texts",
)

ASSET = Resource(
    model=Asset,
    read=(
        "id",
        *ASSET_FIELDS,
        "session",
        "user",
        "file",
        "filename",
        "duration_seconds",
        "loudness_gain_db",
        "created_at",
        "updated_at",
        "envelopes",
        "version",
    ),
    read_own=("moderated_at", "moderated_by", "moderation_reason"),
    write=ASSET_FIELDS,
    filter=(
        "id",
        "project",
        "session",
        "user",
        "language",
        "language__code",
        "media_type",
        "submitted",
        "tags",
        "envelopes",
        "description",
        "filename",
        "duration_seconds",
        "weight",
        "volume",
        "created_at",
        "updated_at",
        "position",
        "shape",
    ),
    order=("id", "session", "created_at", "updated_at", "duration_seconds", "weight", "volume"),
    verbs=(Verb.UPDATE, Verb.DELETE),
    rest_names={
        "project": "project_id",
        "session": "session_id",
        "language": "language_id",
        "language__code": "language",
        "start_seconds": "start_time",
        "end_seconds": "end_time",
        "tags": "tag_ids",
        "description_texts": "description_loc_ids",
        "alt_texts": "alt_text_loc_ids",
        "duration_seconds": "audio_length_in_seconds",
        "created_at": "created",
        "updated_at": "updated",
        "envelopes": "envelope_ids",
    },
    visible_to=_heard_or_own,
    may_write=_may_write_asset,
    prepare=_edited,
)

ENVELOPE = Resource(
    model=Envelope,
    read=("id", "session", "created_at", "assets"),
    write=("session",),
    verbs=(Verb.CREATE, Verb.DELETE),
    filter=("id", "session", "session__project", "assets", "created_at"),
    order=("id", "created_at"),
    rest_names={
        "session": "session_id",
        "session__project": "project_id",
        "created_at": "created",
        "assets": "asset_ids",
    },
    may_write=_may_write_envelope,
)

ASSET_UPLOAD = Resource(
    model=AssetUpload,
    read=("id", "session", "envelope", "asset", "state", "error_code", "error_message", "created_at", "updated_at"),
    filter=("id", "session", "session__project", "envelope", "asset", "state", "created_at"),
    order=("id", "created_at"),
    visible_to=of_visits_seen("session__"),
    may_write=_may_write_upload,
)

VOTE = Resource(
    model=Vote,
    read=("id", "session", "asset", "voter", "vote_type", "value", "created_at"),
    write=("value",),
    filter=(
        "id",
        "session",
        "session__project",
        "asset",
        "asset__media_type",
        "voter",
        "vote_type",
        "value",
        "created_at",
    ),
    order=("id", "created_at"),
    verbs=(Verb.UPDATE, Verb.DELETE),
    rest_names={
        "session": "session_id",
        "session__project": "project_id",
        "asset": "asset_id",
        "voter": "voter_id",
        "vote_type": "type",
    },
    visible_to=of_visits_seen("session__"),
    may_write=_may_write_vote,
)

TIMED_ASSET = Resource(
    model=TimedAsset,
    read=("id", "project", "asset", "start_seconds", "end_seconds"),
    write=("project", "asset", "start_seconds", "end_seconds"),
    filter=("id", "project", "asset", "start_seconds", "end_seconds"),
    order=("id", "start_seconds", "end_seconds"),
    verbs=EDITED,
    rest_names={
        "project": "project_id",
        "asset": "asset_id",
        "start_seconds": "start",
        "end_seconds": "end",
    },
    visible_to=_of_visible_assets,
    may_write=_may_write_timed_asset,
)
