"""A session from what is stored of its stream: where it left off, as if the engine had never been away."""

from datetime import datetime, timedelta

from audio_engine.catalog import StreamRecord
from audio_engine.delivery.framing import FRAMINGS
from audio_engine.planner.grid import granules_of, seconds_of
from audio_engine.planner.herald import WallClock
from audio_engine.planner.history import Heard, SessionHistory
from audio_engine.planner.session import PlannedSession
from audio_engine.session import burst_granules
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
    begun_at = _begun_at(record)
    # What is older was heard before the stream was closed and opened anew.
    heard = [play for play in record.plays if play.started_at >= begun_at]
    plays = tuple(Heard(play.asset_id, _granules_since(play.started_at, now)) for play in heard)
    # By as much as it was paused, timed assets come later.
    return SessionHistory(plays, _granules_since(begun_at + timedelta(seconds=record.paused_seconds), now))


def _begun_at(record: StreamRecord) -> datetime:
    """The first moment of the first session: a burst before the stream was opened, and assets start there at once."""
    burst = burst_granules(FRAMINGS[record.format], record.bitrate_kbps)
    return record.opened_at - timedelta(seconds=seconds_of(burst))


def _granules_since(then: datetime, now: datetime) -> int:
    """None when it is still to come: a client's clock may be ahead."""
    return granules_of(max((now - then).total_seconds(), 0.0))
