"""What each command means to a session's plan."""

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
