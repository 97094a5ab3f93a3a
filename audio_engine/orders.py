"""What each command means to a session's plan, and which ones it would take to bring a plan to what is stored."""

from collections.abc import Iterator
from datetime import datetime

from audio_engine.catalog import StreamRecord
from audio_engine.planner.session import PlannedSession
from backend.bus.commands import (
    BlockAssets,
    ChooseLanguage,
    Command,
    FilterTags,
    MoveListener,
    PauseStream,
    PlayAsset,
    ResumeStream,
    SkipAsset,
)
from backend.hearing.listener import Listener


def obey(planned: PlannedSession, command: Command, *, granule: int) -> None:
    """Do what it says from this granule on; what only says that somebody is there changes nothing."""
    match command:
        case MoveListener():
            planned.move(
                command.position,
                heading=command.heading,
                width=command.width,
                range_min=command.range_min,
                range_max=command.range_max,
                granule=granule,
            )
        case FilterTags():
            planned.filter_tags(command.tag_ids, granule=granule)
        case ChooseLanguage():
            planned.choose_language(command.language_id, granule=granule)
        case PlayAsset():
            planned.play(command.asset_id, granule=granule)
        case BlockAssets():
            planned.block(command.asset_ids, granule=granule)
        case PauseStream():
            planned.pause(granule=granule)
        case ResumeStream():
            planned.resume(granule=granule)
        case SkipAsset():
            planned.skip(granule=granule)


def missed(record: StreamRecord, planned: PlannedSession, *, moved_at: datetime | None) -> Iterator[Command]:
    """What the row says that the plan does not know. In the plan the listener moved at this time of the wall clock."""
    stream_id, stored, known = record.stream_id, record.listener(), planned.listener
    if _is_news(record, moved_at) and stored.position is not None and _place(stored) != _place(known):
        yield MoveListener(
            stream_id,
            stored.position,
            heading=stored.heading,
            width=stored.width,
            range_min=stored.range_min,
            range_max=stored.range_max,
        )
    if stored.tag_ids != known.tag_ids:
        yield FilterTags(stream_id, record.tag_ids)
    if stored.language_id != known.language_id:
        yield ChooseLanguage(stream_id, stored.language_id)
    if stored.blocked_asset_ids != known.blocked_asset_ids:
        yield BlockAssets(stream_id, record.blocked_asset_ids)
    if record.is_paused != planned.is_paused:
        yield PauseStream(stream_id) if record.is_paused else ResumeStream(stream_id)


def _is_news(record: StreamRecord, moved_at: datetime | None) -> bool:
    """Not every move is stored: the plan may know a newer place than the row."""
    return record.positioned_at is not None and (moved_at is None or record.positioned_at > moved_at)


def _place(listener: Listener) -> tuple[object, ...]:
    return listener.position, listener.heading, listener.width, listener.range_min, listener.range_max
