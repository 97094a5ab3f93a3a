"""The engine's only reader of the database: projects as soundscapes, streams as records."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from textwrap import shorten
from urllib.parse import unquote

from django.conf import settings
from django.db.models import Count, Q
from django.db.models.functions import Left
from django.utils import timezone

from audio_engine.encoding.formats import Format
from audio_engine.soundscape import (
    Ordering,
    Range,
    RepeatMode,
    Soundscape,
    SourceKey,
    SpeakerSource,
    TimedAsset,
    TimedPriority,
    Track,
)
from backend.assets.hearing import FACT_COLUMNS, asset_facts, tag_rule, tags_by_asset, tags_by_owner
from backend.assets.media import media_url
from backend.assets.models import Asset, MediaType, VoteType
from backend.assets.models import TimedAsset as TimedAssetRow
from backend.geo.position import Position
from backend.hearing.assets import AssetField
from backend.hearing.listener import Listener
from backend.hearing.speakers import SpeakerField
from backend.ids import AssetId, AudiotrackId, LanguageId, ProjectId, SessionId, StreamId, TagId
from backend.listening.blocks import blocked_here
from backend.listening.liveness import unseen_streams
from backend.listening.models import OPEN_STATES, ListenEvent, Stream, StreamState
from backend.listening.pauses import paused_seconds
from backend.projects.models import Project
from backend.soundscape.models import Audiotrack, Speaker
from backend.soundscape.queries import zone

# Bans last minutes; what was heard before so many plays counts for nothing any more.
MOST_PLAYS = 1_000
# A session begins a burst before its stream was opened (`session.burst_granules`): by 5.9 s at the most.
BEFORE_OPENING = timedelta(seconds=6)
TITLE_LENGTH = 100
BEGINNING_LENGTH = 3 * TITLE_LENGTH


@dataclass(frozen=True, slots=True)
class Play:
    """An asset that began to sound at a time."""

    asset_id: AssetId
    started_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class StreamRecord:
    """What is stored of a stream: enough to serve it, also after a restart."""

    stream_id: StreamId
    number: SessionId
    key: str
    project_id: ProjectId
    is_paused: bool
    # Since it was opened, until now.
    paused_seconds: float
    is_out_of_range: bool
    opened_at: datetime
    format: Format
    bitrate_kbps: int
    seed: int
    language_id: LanguageId | None
    is_geo: bool
    position: Position | None
    # When the position and the aim were stored; not every move is.
    positioned_at: datetime | None
    heading: float | None
    width: float | None
    range_min: float | None
    range_max: float | None
    tag_ids: tuple[TagId, ...]
    blocked_asset_ids: tuple[AssetId, ...]
    # What was heard since BEFORE_OPENING, the newest last.
    plays: tuple[Play, ...]

    def listener(self) -> Listener:
        """Who listens, as hearing knows it."""
        return Listener(
            position=self.position,
            is_geo=self.is_geo,
            heading=self.heading,
            width=self.width,
            range_min=self.range_min,
            range_max=self.range_max,
            language_id=self.language_id,
            tag_ids=frozenset(self.tag_ids),
            blocked_asset_ids=frozenset(self.blocked_asset_ids),
        )


def stream_by_id(stream_id: StreamId) -> StreamRecord | None:
    """The stream, unless there is none or it has ended: requests have brought it back before they come here."""
    return _stream(Q(pk=stream_id, state__in=OPEN_STATES))


def stream_by_number(number: SessionId) -> StreamRecord | None:
    """The stream of a session, as its audio address names it; an idle one, too: to be listened to brings it back."""
    return _stream(Q(session_id=number) & ~Q(state=StreamState.CLOSED))


def unseen_stream_ids(seconds: float) -> list[tuple[StreamId, ProjectId]]:
    """The open streams at which nobody was seen for so long, with their projects."""
    rows = unseen_streams(timezone.now() - timedelta(seconds=seconds))
    return [(StreamId(str(row.pk)), ProjectId(row.session.project_id or 0)) for row in rows]


def _stream(which: Q) -> StreamRecord | None:
    rows = Stream.objects.filter(which, session__project__isnull=False)
    row = rows.select_related("session").first()
    return None if row is None else _record(row)


def _record(row: Stream) -> StreamRecord:
    is_placed = row.latitude is not None and row.longitude is not None
    return StreamRecord(
        stream_id=StreamId(str(row.pk)),
        number=SessionId(row.session_id),
        key=row.key,
        project_id=ProjectId(row.session.project_id or 0),
        is_paused=row.is_paused,
        paused_seconds=paused_seconds(row, timezone.now()),
        is_out_of_range=row.state == StreamState.OUT_OF_RANGE,
        opened_at=row.opened_at,
        format=Format(row.format),
        bitrate_kbps=row.bitrate,
        seed=row.seed,
        language_id=_language(row.session.language_id),
        is_geo=row.session.geo_listen_enabled,
        position=Position(row.latitude or 0.0, row.longitude or 0.0) if is_placed else None,
        positioned_at=row.positioned_at,
        heading=row.heading,
        width=row.width,
        range_min=row.range_min,
        range_max=row.range_max,
        tag_ids=tuple(TagId(tag) for tag in row.tag_ids),
        blocked_asset_ids=blocked_here(row.session),
        plays=_plays(row),
    )


def _plays(row: Stream) -> tuple[Play, ...]:
    since = row.opened_at - BEFORE_OPENING
    heard = ListenEvent.objects.filter(session=row.session_id, started_at__gte=since)
    newest = heard.order_by("-started_at").values_list("asset_id", "started_at")[:MOST_PLAYS]
    return tuple(Play(AssetId(asset_id), started_at) for asset_id, started_at in reversed(newest))


def _language(key: int | None) -> LanguageId | None:
    return None if key is None else LanguageId(key)


def soundscape(project_id: ProjectId) -> Soundscape | None:
    """The project as the engine plays it; None when there is no such project."""
    project = Project.objects.filter(pk=project_id).first()
    if project is None:
        return None
    speakers = list(Speaker.objects.filter(project=project, is_active=True).order_by("id"))
    assets = _asset_rows(project_id)
    return Soundscape(
        project_id=project_id,
        name=project.name,
        speakers=SpeakerField.of(zone(speaker) for speaker in speakers),
        speaker_sources=[SpeakerSource(source_key(row.uri), source_key(row.backup_uri)) for row in speakers],
        assets=AssetField.of(asset_facts(assets, tags_by_asset(project_id))),
        asset_sources=[_file_key(asset.filename) for asset in assets],
        asset_titles=_titles(project_id),
        tracks=_tracks(project_id),
        tag_rule=tag_rule(project_id),
        timed_assets=_timed_assets(project_id),
        ordering=Ordering(project.ordering),
        repeat_mode=RepeatMode(project.repeat_mode),
        timed_assets_first=project.timed_assets_first,
        recording_radius_metres=project.recording_radius_metres,
        out_of_range_metres=project.out_of_range_distance_metres,
        out_of_range_source=source_key(project.out_of_range_url),
    )


def source_key(uri: str) -> SourceKey | None:
    """How the bank knows an address: one of this server's is its file; None for an empty one."""
    for prefix in (settings.MEDIA_URL, f"{settings.PUBLIC_URL}{settings.MEDIA_URL}"):
        if uri.startswith(prefix):
            return _file_key(unquote(uri.removeprefix(prefix)))
    return SourceKey(uri) if uri else None


def address_of(key: SourceKey) -> str:
    """Where the world fetches what the bank knows so: the way back from `source_key`."""
    folder = _file_key("") + "/"
    return media_url(key.removeprefix(folder), is_public=True) if key.startswith(folder) else key


def _file_key(name: str) -> SourceKey:
    return SourceKey(f"file:{Path(settings.MEDIA_ROOT).resolve() / name}")


def _asset_rows(project_id: ProjectId) -> list[Asset]:
    """The project's recordings by id, each with the number of its likes as `likes`."""
    likes = Count("votes", filter=Q(votes__vote_type=VoteType.LIKE))
    rows = Asset.objects.filter(project_id=project_id, media_type=MediaType.AUDIO).exclude(filename="")
    return list(rows.only("filename", *FACT_COLUMNS).annotate(likes=likes).order_by("id"))


def _titles(project_id: ProjectId) -> dict[AssetId, str]:
    """The recordings' descriptions, of which a player has room for the first line."""
    described = Asset.objects.filter(project_id=project_id, media_type=MediaType.AUDIO).exclude(description="")
    rows = described.values_list("id", Left("description", BEGINNING_LENGTH))
    return {AssetId(asset_id): shorten(_first_line(text), TITLE_LENGTH, placeholder="…") for asset_id, text in rows}


def _first_line(text: str) -> str:
    return next(iter(text.strip().splitlines()), "")


def _tracks(project_id: ProjectId) -> list[Track]:
    through = Audiotrack.tag_filters.through.objects
    filters = tags_by_owner(through.filter(audiotrack__project_id=project_id).values_list("audiotrack", "tag"))
    rows = Audiotrack.objects.filter(project_id=project_id).order_by("id")
    return [_track(row, filters.get(row.pk, frozenset())) for row in rows]


def _track(row: Audiotrack, tag_ids: frozenset[TagId]) -> Track:
    return Track(
        id=AudiotrackId(row.pk),
        is_active=row.is_active,
        volume=Range(row.min_volume, row.max_volume),
        duration_seconds=Range(row.min_duration_seconds, row.max_duration_seconds),
        dead_air_seconds=Range(row.min_dead_air_seconds, row.max_dead_air_seconds),
        fade_in_seconds=Range(row.min_fade_in_seconds, row.max_fade_in_seconds),
        fade_out_seconds=Range(row.min_fade_out_seconds, row.max_fade_out_seconds),
        pan_seconds=Range(row.min_pan_seconds, row.max_pan_seconds),
        pan=Range(row.min_pan_position, row.max_pan_position),
        tag_ids=tag_ids,
        starts_with_silence=row.start_with_silence,
        banned_seconds=row.banned_seconds or settings.ASSET_BAN_SECONDS,
        timed_priority=TimedPriority(row.timed_asset_priority),
        fades_out_when_filtered=row.fade_out_when_filtered,
    )


def _timed_assets(project_id: ProjectId) -> list[TimedAsset]:
    rows = TimedAssetRow.objects.filter(project_id=project_id).order_by("id")
    return [TimedAsset(AssetId(row.asset_id), row.start_seconds, row.end_seconds) for row in rows]
