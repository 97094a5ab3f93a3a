"""The engine's figures of this moment, gathered from its rooms."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from statistics import median

from audio_engine.bank.holdings import Holdings
from audio_engine.clock import Beat
from audio_engine.delivery.status import EngineStatus
from audio_engine.delivery.tally import Tally
from audio_engine.session import LiveSession
from backend.bus.events import EngineReported


def engine_status(
    sessions: Sequence[LiveSession],
    *,
    uptime_seconds: float,
    beat: Beat,
    tally: Tally,
    lags: Mapping[int, float],
    events_lost: int,
    bank: Holdings,
) -> EngineStatus:
    """`lags` are the listeners' by the numbers of their streams, in seconds."""
    return EngineStatus(
        uptime_seconds=round(uptime_seconds, 1),
        load=round(beat.load, 4),
        ticks=beat.tally.ticks,
        render_seconds=round(beat.tally.work_seconds, 3),
        late_ticks=beat.tally.late,
        skipped_ticks=beat.tally.skipped,
        streams=len(sessions),
        sounding=sum(session.is_sounding for session in sessions),
        listeners=sum(session.broadcast.listeners for session in sessions),
        lag_seconds_worst=round(max(lags.values(), default=0.0), 3),
        lag_seconds_median=round(median(lags.values()), 3) if lags else 0.0,
        lag_seconds={str(number): round(lag, 3) for number, lag in sorted(lags.items())},
        events_lost=events_lost,
        **asdict(tally),
        **{f"bank_{name}": value for name, value in asdict(bank).items()},
    )


def engine_report(status: EngineStatus, *, engine_id: str, at: datetime) -> EngineReported:
    """What of it those who watch over the engines follow; of the bank, what is open."""
    return EngineReported(
        engine_id=engine_id,
        at=at,
        uptime_seconds=status.uptime_seconds,
        load=status.load,
        sessions=status.streams,
        listeners=status.listeners,
        late_ticks=status.late_ticks,
        underruns=status.underruns,
        drops=status.lost_chunks,
        bank_bytes=status.bank_mapped_bytes,
        largest_lag_seconds=status.lag_seconds_worst,
    )
