"""The beat: absolute deadlines, catching up, skipping to live, and the load."""

import time
from collections.abc import Callable

import pytest

from audio_engine.clock import Beat, FakeClock, MonotonicClock, Tick, Timetable

TICK_SECONDS = 0.25


async def beats(clock: FakeClock, count: int, *, work: Callable[[int], float]) -> tuple[list[Tick], Beat]:
    """The first ticks of a beat whose nth tick takes `work(n)` seconds."""
    beat = Beat(clock, tick_seconds=TICK_SECONDS)
    ticks: list[Tick] = []
    async for tick in beat.ticks():
        if len(ticks) == count:
            break
        ticks.append(tick)
        clock.advance(work(len(ticks) - 1))
    return ticks, beat


@pytest.mark.parametrize(
    ("after", "now", "expected"),
    [
        (-1, 100.0, Tick(number=0, deadline=100.0, skipped=0)),
        (0, 100.1, Tick(number=1, deadline=100.25, skipped=0)),
        (0, 100.3, Tick(number=1, deadline=100.25, skipped=0)),
        (0, 102.49, Tick(number=1, deadline=100.25, skipped=0)),
        (0, 102.5, Tick(number=10, deadline=102.5, skipped=9)),
        (0, 103.6, Tick(number=14, deadline=103.5, skipped=13)),
        (999, 350.0, Tick(number=1_000, deadline=350.0, skipped=0)),
    ],
    ids=["first", "early", "a little late", "almost nine ticks late", "nine ticks late", "later", "on time at last"],
)
def test_the_next_tick_is_the_following_one_until_nine_are_missed(after, now, expected):
    assert Timetable(start=100.0, tick_seconds=TICK_SECONDS).tick_after(after, now=now) == expected


async def test_the_time_that_work_takes_is_taken_off_the_wait():
    clock = FakeClock()
    ticks, _ = await beats(clock, 50, work=lambda _: 0.1)
    assert [tick.number for tick in ticks] == list(range(50))
    assert clock.now() == pytest.approx(50 * TICK_SECONDS)
    assert max(clock.naps) == pytest.approx(0.15)


async def test_lateness_does_not_add_up():
    clock = FakeClock(now=1_000.0)
    ticks, _ = await beats(clock, 1_000, work=lambda n: 0.01 * (n % 7))
    assert ticks[-1].deadline == 1_000 + 999 * TICK_SECONDS


async def test_a_few_late_ticks_are_rendered_back_to_back():
    clock = FakeClock()
    ticks, _ = await beats(clock, 8, work=lambda n: 4.5 * TICK_SECONDS if n == 1 else 0.01)
    assert [tick.number for tick in ticks] == list(range(8))
    assert [tick.skipped for tick in ticks] == [0] * 8
    # Tick 1 ends at 5.5 ticks: 2 to 5 are due already, then the wait begins again.
    assert clock.naps[2:6] == [0.0] * 4
    assert clock.naps[6] > 0


async def test_many_late_ticks_are_given_up_for_the_live_one():
    clock = FakeClock()
    ticks, _ = await beats(clock, 4, work=lambda n: 20.5 * TICK_SECONDS if n == 1 else 0.01)
    assert [(tick.number, tick.skipped) for tick in ticks] == [(0, 0), (1, 0), (21, 19), (22, 0)]


async def test_the_load_is_the_share_of_time_that_work_takes():
    _, idle = await beats(FakeClock(), 50, work=lambda _: 0.0)
    _, half = await beats(FakeClock(), 50, work=lambda _: TICK_SECONDS / 2)
    _, over = await beats(FakeClock(), 50, work=lambda _: TICK_SECONDS * 1.5)
    assert idle.load == 0
    assert half.load == pytest.approx(0.5, abs=0.001)
    assert over.load == pytest.approx(1.5, abs=0.001)


async def test_one_slow_tick_hardly_moves_the_load():
    _, beat = await beats(FakeClock(), 31, work=lambda n: TICK_SECONDS if n == 30 else 0.0)
    assert beat.load == pytest.approx(0.2)


async def test_the_real_clock_sleeps_until_its_deadline_and_never_goes_back():
    clock = MonotonicClock()
    deadline = clock.now() + 0.01
    await clock.sleep_until(deadline)
    assert clock.now() >= deadline
    await clock.sleep_until(deadline - 1)
    assert abs(clock.now() - time.monotonic()) < 1


async def test_the_beat_counts_its_ticks_those_that_began_late_and_those_it_gave_up():
    clock = FakeClock()
    _, beat = await beats(clock, 6, work=lambda n: {1: 1.5, 3: 15.0}.get(n, 0.1) * TICK_SECONDS)
    # The second ran half a tick over; of the fifteen that the fourth took, the fourteen after it were given up.
    assert (beat.tally.ticks, beat.tally.late, beat.tally.skipped) == (7, 1, 14)
    assert beat.tally.work_seconds == pytest.approx((0.1 + 1.5 + 0.1 + 15 + 0.1 + 0.1) * TICK_SECONDS)
