"""The old API's shape of each resource: a line a resource, and what a line cannot say."""

from typing import Any

from django.db.models import QuerySet

from backend.accounts.queries import people_named
from backend.accounts.resources import USER
from backend.assets import queries as assets
from backend.assets.media import media_url
from backend.assets.models import MediaType
from backend.assets.resources import ASSET, ENVELOPE, TIMED_ASSET, VOTE
from backend.assets.tallies import Tally, countable_votes, of_projects, tallies
from backend.hearing.nearness import DEFAULT_RADIUS_METRES
from backend.listening.periods import heard_in
from backend.listening.resources import LISTEN_EVENT
from backend.projects.resources import (
    LANGUAGE,
    LOCALIZED_STRING,
    PROJECT,
    PROJECT_GROUP,
    UI_ELEMENT,
    UI_ELEMENT_NAME,
)
from backend.resources.addresses import absolute
from backend.resources.reads import Record
from backend.resources.viewer import Viewer
from backend.rest.derive.parameters import Parameters
from backend.rest.derive.representation import Reading, Representation
from backend.rest.shapes import NO_LINES, line, number, whole
from backend.soundscape.resources import AUDIOTRACK, SPEAKER
from backend.tagging.resources import TAG, TAG_CATEGORY, TAG_RELATIONSHIP, UI_GROUP, UI_ITEM
from backend.visits.queries import events_about, events_at
from backend.visits.resources import EVENT, SESSION

Rows = QuerySet[Any]


def _radius(metres: float | None) -> float | None:
    # iOS needs a number: the one that applies.
    return whole(DEFAULT_RADIUS_METRES if metres is None else metres)


def _seconds(duration: float | None) -> float | None:
    return round(duration, 2) if duration else None


def _finish_speakers(records: list[Record], reading: Reading) -> None:
    for record in records:
        if record["shape"] is not None and record["attenuation_border"] is None:
            # SpatiaLite stores a border that vanished as null.
            record["attenuation_border"] = NO_LINES


def _finish_assets(records: list[Record], reading: Reading) -> None:
    for record in records:
        # Web clients replace .wav by .mp3 in it, and fail on null. What was sent may be unplayable to them.
        record["file"] = media_url(record["filename"] or record["file"], is_public=record["submitted"])
        if record["media_type"] == MediaType.AUDIO:
            # Web clients play nothing of an asset whose heard part has no ends.
            record["start_time"] = record["start_time"] or 0.0
            record["end_time"] = record["end_time"] or record["audio_length_in_seconds"]


def _seek_assets(rows: Rows, query: Parameters, viewer: Viewer) -> Rows:
    text, people, any_tag = query.text("text_filter"), query.text("user_str"), query.ids("tag_ids_or", "tags")
    latitude, longitude = query.number("latitude"), query.number("longitude")
    rows = assets.with_text(rows, text, field="text_filter") if text else rows
    rows = assets.of_people(rows, people, viewer, field="user_str") if people else rows
    rows = assets.with_any_tag(rows, any_tag) if any_tag else rows
    return assets.at_coordinate(rows, latitude=latitude, longitude=longitude)


def _seek_events(rows: Rows, query: Parameters, viewer: Viewer) -> Rows:
    tag_ids, latitude, longitude = query.ids("tag_ids"), query.number("latitude"), query.number("longitude")
    rows = events_about(rows, tag_ids) if tag_ids else rows
    return events_at(rows, latitude=latitude, longitude=longitude)


def _seek_listen_events(rows: Rows, query: Parameters, viewer: Viewer) -> Rows:
    period = query.text("start_time__range")
    return heard_in(rows, period, field="start_time__range") if period else rows


def _seek_users(rows: Rows, query: Parameters, viewer: Viewer) -> Rows:
    text = query.text("search_str")
    return people_named(rows, text, field="search_str") if text else rows


def _seek_votes(rows: Rows, query: Parameters, viewer: Viewer) -> Rows:
    project_ids = [row for row in query.ids("project_id", "project") or () if row != 0]
    return of_projects(rows, project_ids) if project_ids else rows


def _finish_votes(records: list[Record], reading: Reading) -> None:
    found = tallies(countable_votes(reading.viewer).filter(asset__in={record["asset_id"] for record in records}))
    for record in records:
        record["asset_votes"] = told_tallies(found.get(record["asset_id"], []))


def told_tallies(found: list[Tally]) -> list[Record]:
    """The votes on one asset, by their types."""
    averages = [{} if tally.average is None else {"avg": whole(tally.average)} for tally in found]
    return [{"type": tally.vote_type, "total": tally.total} | more for tally, more in zip(found, averages, strict=True)]


LANGUAGES = Representation(resource=LANGUAGE)
LOCALIZED_STRINGS = Representation(
    resource=LOCALIZED_STRING,
    joined={"language": "language__code"},
    spellings={"text": ("localized_string",), "language": ("language",)},
    aliases={"language": ("language_id",)},
)
UI_ELEMENT_NAMES = Representation(resource=UI_ELEMENT_NAME)
UI_ELEMENTS = Representation(
    resource=UI_ELEMENT,
    aliases={"element_name__name": ("uielementname",)},
    lookups={"element_name__name": "contains"},
)
PROJECT_GROUPS = Representation(resource=PROJECT_GROUP)
PROJECTS = Representation(
    resource=PROJECT,
    hidden=frozenset({"created_at", "updated_at", "version", "owners", "listener_precision_metres"}),
    texts={name: key.removesuffix("_loc") for name, key in PROJECT.rest_names.items() if name.endswith("_texts")},
    admin={name: f"{key}_admin" for name, key in PROJECT.rest_names.items() if name.endswith("_texts")},
    told={
        "recording_radius": _radius,
        "out_of_range_distance": whole,
        "out_of_range_url": absolute,
        "demo_stream_url": absolute,
        "audio_stream_bitrate": str,
    },
)
TAG_CATEGORIES = Representation(resource=TAG_CATEGORY)
TAG_RELATIONSHIPS = Representation(resource=TAG_RELATIONSHIP)
TAGS = Representation(
    resource=TAG,
    texts={"description_texts": "description_loc", "message_texts": "msg_loc"},
    admin={"description_texts": "loc_description_admin", "message_texts": "loc_msg_admin"},
    nested={"relationships": TAG_RELATIONSHIPS},
    wrapper="tags",
)
UI_ITEMS = Representation(resource=UI_ITEM)
UI_GROUPS = Representation(
    resource=UI_GROUP,
    texts={"header_texts": "header_text_loc"},
    admin={"header_texts": "header_text_loc_admin"},
    nested={"items": UI_ITEMS},
    lookups={"name": "starts_with"},
    wrapper="ui_groups",
)
USERS = Representation(
    resource=USER,
    hidden=frozenset({"device_profile"}),
    joined={"device_id": "device_profile__device_id", "client_type": "device_profile__client_type"},
    seek=_seek_users,
    sought=("search_str",),
)
SESSIONS = Representation(
    resource=SESSION,
    hidden=frozenset({"user"}),
    aliases={"language__code": ("language",)},
)
EVENTS = Representation(
    resource=EVENT,
    told={"latitude": number, "longitude": number},
    aliases={"tag_ids": ()},
    seek=_seek_events,
    sought=("tag_ids", "latitude", "longitude"),
)
SPEAKERS = Representation(
    resource=SPEAKER,
    told={"uri": absolute, "backupuri": absolute, "attenuation_distance": whole, "attenuation_border": line},
    finish=_finish_speakers,
)
AUDIOTRACKS = Representation(resource=AUDIOTRACK)
ASSETS = Representation(
    resource=ASSET,
    hidden=frozenset({"version", "loudness_gain_db", *ASSET.read_own}),
    admin={"description_texts": "loc_description_admin", "alt_texts": "loc_alt_text_admin"},
    told={"audio_length_in_seconds": _seconds},
    embedded={"user": USERS},
    spellings={"media_type": ("mediatype",), "project": ("project",), "session": ("session",)},
    aliases={
        "envelopes": ("envelope_id", "envelope_ids", "envelope"),
        "duration_seconds": ("audiolength", "audio_length_in_seconds"),
    },
    lookups={"envelopes": "any"},
    seek=_seek_assets,
    sought=("text_filter", "user_str", "tag_ids_or", "latitude", "longitude"),
    finish=_finish_assets,
)
ENVELOPES = Representation(resource=ENVELOPE, aliases={"assets": ("asset_id", "asset_ids")})
TIMED_ASSETS = Representation(resource=TIMED_ASSET)
VOTES = Representation(
    resource=VOTE,
    hidden=frozenset({"created_at"}),
    aliases={"asset__media_type": ("media_type",), "session__project": ()},
    spellings={"vote_type": ("vote_type",)},
    seek=_seek_votes,
    sought=("project_id",),
    finish=_finish_votes,
)
LISTEN_EVENTS = Representation(
    resource=LISTEN_EVENT,
    hidden=frozenset({"play_id", "audiotrack"}),
    joined={"project_id": "session__project_id"},
    spellings={"session": ("session",), "asset": ("asset",), "started_at": ("starttime",)},
    aliases={"duration_seconds": ("duration_in_seconds", "duration")},
    scales={"duration": 1e-9},
    seek=_seek_listen_events,
    sought=("start_time__range",),
)
