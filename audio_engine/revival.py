"""A session from what is stored of its stream: where it left off, as if the engine had never been away."""

from datetime import datetime, timedelta

from audio_engine.catalog import StreamRecord
from audio_engine.planner.grid import granules_of
from audio_engine.planner.herald import WallClock
from audio_engine.planner.history import Heard, SessionHistory
from audio_engine.planner.session import PlannedSession
from audio_engine.soundscape import Soundscape, Sources


def planned_session(
    record: StreamRecord, soundscape: Soundscape, sources: Sources, *, granule: int, wall_clock: WallClock
) -> PlannedSession:
    """What this stream plays from the granule on: bans, counts and timed assets go by what was heard before."""
    planned = PlannedSession(
        soundscape,
        sources,
        stream_id=record.stream_id,
        listener=record.listener(),
        seed=record.seed,
        granule=granule,
        wall_clock=wall_clock,
        history=_history(record, wall_clock(granule)),
    )
    if record.is_paused:
        planned.pause(granule=granule)
    return planned


def _history(record: StreamRecord, now: datetime) -> SessionHistory:
    plays = tuple(Heard(play.asset_id, _granules_since(play.started_at, now)) for play in record.plays)
    # By as much as it was paused, timed assets come later.
    return SessionHistory(plays, _granules_since(record.opened_at + timedelta(seconds=record.paused_seconds), now))


def _granules_since(then: datetime, now: datetime) -> int:
    """A session begins a burst ago, and a client's clock may be ahead: neither has heard anything of the future."""
    return granules_of(max((now - then).total_seconds(), 0.0))
