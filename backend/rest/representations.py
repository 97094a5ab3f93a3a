"""The old API's shape of each resource: a line a resource, and what a line cannot say."""

from backend.accounts.resources import USER
from backend.assets.media import media_url
from backend.assets.models import MediaType
from backend.assets.resources import ASSET
from backend.hearing.nearness import DEFAULT_RADIUS_METRES
from backend.projects.resources import PROJECT
from backend.resources.viewer import Viewer
from backend.rest.representation import Record, Representation
from backend.rest.shapes import NO_LINES, absolute, line, whole
from backend.soundscape.resources import AUDIOTRACK, SPEAKER
from backend.tagging.resources import TAG, TAG_RELATIONSHIP
from backend.visits.resources import SESSION

USER_KEYS = ("id", "username", "first_name", "last_name", "email", "device_id", "client_type")


def _radius(metres: float | None) -> float | None:
    # iOS needs a number: the one that applies.
    return whole(DEFAULT_RADIUS_METRES if metres is None else metres)


def _seconds(duration: float | None) -> float | None:
    return round(duration, 2) if duration else None


def _finish_speakers(records: list[Record], viewer: Viewer) -> None:
    for record in records:
        if record["shape"] is not None and record["attenuation_border"] is None:
            # SpatiaLite stores a border that vanished as null.
            record["attenuation_border"] = NO_LINES


def _finish_assets(records: list[Record], viewer: Viewer) -> None:
    users = _users({record["user_id"] for record in records}, viewer)
    for record in records:
        record["user"] = users.get(record.pop("user_id"))
        # Web clients replace .wav by .mp3 in it, and fail on null. What was sent may be unplayable to them.
        record["file"] = media_url(record["filename"] or record["file"], is_public=record["submitted"])
        if record["media_type"] == MediaType.AUDIO:
            # Web clients play nothing of an asset whose heard part has no ends.
            record["start_time"] = record["start_time"] or 0.0
            record["end_time"] = record["end_time"] or record["audio_length_in_seconds"]


def _users(ids: set[int | None], viewer: Viewer) -> dict[int, Record]:
    """Who contributed, of those that the viewer may see: names, e-mail and device are nobody else's business."""
    columns = (*USER_KEYS[:5], "device_profile__device_id", "device_profile__client_type")
    rows = USER.rows(viewer).filter(pk__in=[user_id for user_id in ids if user_id is not None]).values_list(*columns)
    return {row[0]: dict(zip(USER_KEYS, row, strict=True)) for row in rows}


AUDIOTRACKS = Representation(resource=AUDIOTRACK)
RELATIONSHIPS = Representation(resource=TAG_RELATIONSHIP)
SESSIONS = Representation(resource=SESSION, hidden=frozenset({"user"}))
SPEAKERS = Representation(
    resource=SPEAKER,
    told={
        "uri": absolute,
        "backupuri": absolute,
        "attenuation_distance": whole,
        "attenuation_border": line,
    },
    finish=_finish_speakers,
)
TAGS = Representation(
    resource=TAG,
    texts={"description_texts": "description_loc", "message_texts": "msg_loc"},
    nested={"relationships": RELATIONSHIPS},
)
PROJECTS = Representation(
    resource=PROJECT,
    hidden=frozenset({"created_at", "updated_at", "version", "owners"}),
    texts={
        "description_texts": "description",
        "sharing_message_texts": "sharing_message",
        "out_of_range_message_texts": "out_of_range_message",
        "legal_agreement_texts": "legal_agreement",
        "demo_stream_message_texts": "demo_stream_message",
    },
    told={
        "recording_radius": _radius,
        "out_of_range_distance": whole,
        "audio_stream_bitrate": str,
    },
)
ASSETS = Representation(
    resource=ASSET,
    hidden=frozenset({"version", "loudness_gain_db", *ASSET.read_own}),
    told={"audio_length_in_seconds": _seconds},
    aliases={
        "media_type": ("media_type", "mediatype"),
        "project": ("project_id", "project"),
        "session": ("session_id", "session"),
        "envelopes": ("envelope_id", "envelope_ids", "envelope"),
        "tags": ("tag_ids", "tags"),
        "duration_seconds": ("audiolength", "audio_length_in_seconds"),
    },
    finish=_finish_assets,
)
