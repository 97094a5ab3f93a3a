from datetime import UTC, datetime

from audio_engine.bank.holdings import Holdings
from audio_engine.clock import Beat, FakeClock
from audio_engine.delivery.status import EngineStatus
from audio_engine.delivery.tally import Tally
from audio_engine.vitals import engine_report, engine_status
from backend.bus.commands import OpenStream
from backend.bus.events import EngineReported
from tests.audio_engine.engine_room import EngineRoom, record

BANK = Holdings(1, 2, 3, 4, 5, 6, 7)


async def test_the_figures_are_gathered_from_all_rooms():
    room = EngineRoom(record("s1"), record("s2", number=13))
    await room.take(OpenStream("s1"), OpenStream("s2"))
    room.control.sessions[0].job(8)
    beat = Beat(FakeClock(), tick_seconds=0.2)
    beat.load = 0.123456
    beat.tally.ticks, beat.tally.late, beat.tally.skipped, beat.tally.work_seconds = 40, 3, 5, 1.5
    found = engine_status(
        room.control.sessions,
        uptime_seconds=12.34,
        beat=beat,
        tally=Tally(underruns=1, lost_chunks=2, replaced=3, cut_off=4, refused=5),
        lags={13: 4.0, 12: 0.50001, 14: 0.1},
        events_lost=6,
        bank=BANK,
    )
    assert (found.streams, found.sounding, found.listeners, found.uptime_seconds) == (2, 1, 0, 12.3)
    assert (found.load, found.ticks, found.late_ticks, found.skipped_ticks, found.render_seconds) == (
        0.1235,
        40,
        3,
        5,
        1.5,
    )
    assert (found.underruns, found.lost_chunks, found.replaced, found.cut_off, found.refused) == (1, 2, 3, 4, 5)
    assert (found.lag_seconds_worst, found.lag_seconds_median, found.events_lost) == (4.0, 0.5, 6)
    assert found.lag_seconds == {"12": 0.5, "13": 4.0, "14": 0.1}
    assert (found.bank_mapped_bytes, found.bank_disk_sounds, found.bank_breakages) == (1, 4, 7)


def test_without_listeners_nobody_lags():
    found = engine_status(
        [], uptime_seconds=0, beat=Beat(FakeClock(), tick_seconds=0.2), tally=Tally(), lags={}, events_lost=0, bank=BANK
    )
    assert (found.lag_seconds_worst, found.lag_seconds_median, found.lag_seconds) == (0.0, 0.0, {})


def test_a_report_says_what_those_who_watch_over_the_engine_need():
    at = datetime(2026, 5, 1, tzinfo=UTC)
    status = EngineStatus(
        uptime_seconds=9.5,
        load=0.25,
        streams=7,
        listeners=3,
        late_ticks=1,
        underruns=2,
        lost_chunks=4,
        bank_mapped_bytes=5_000,
        lag_seconds_worst=1.5,
    )
    assert engine_report(status, engine_id="host:8000", at=at) == EngineReported(
        engine_id="host:8000",
        at=at,
        uptime_seconds=9.5,
        load=0.25,
        sessions=7,
        listeners=3,
        late_ticks=1,
        underruns=2,
        drops=4,
        bank_bytes=5_000,
        largest_lag_seconds=1.5,
    )
