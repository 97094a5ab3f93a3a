"""A subscriber that does not keep up hears of it, and a position is only worth its last."""

import asyncio

from backend.bus.events import GainsChanged, ListenerMoved, StreamPaused, StreamResumed
from backend.geo.position import Position
from realtime.backlog import MOST_EVENTS, Backlog, Lagged

PAUSED, RESUMED = StreamPaused("s", 1), StreamResumed("s", 1)


def moved(latitude):
    return ListenerMoved("s", 1, Position(latitude, 24.0))


async def taken(backlog):
    """Everything that is there now."""
    found = []
    while True:
        try:
            found.append(await asyncio.wait_for(backlog.take(), 0.01))
        except TimeoutError:
            return found


async def test_events_come_in_their_order():
    backlog = Backlog("s")
    for event in (PAUSED, RESUMED, PAUSED):
        backlog.put(event)
    assert await taken(backlog) == [PAUSED, RESUMED, PAUSED]


async def test_one_who_waits_gets_the_event_when_it_comes():
    backlog = Backlog("s")
    waiting = asyncio.create_task(backlog.take())
    await asyncio.sleep(0)
    backlog.put(PAUSED)
    assert await waiting == PAUSED


async def test_only_the_last_position_and_the_last_gains_are_kept():
    backlog = Backlog("s")
    gains = GainsChanged("s", 1, ())
    for event in (moved(1), gains, moved(2), PAUSED, moved(3)):
        backlog.put(event)
    assert await taken(backlog) == [gains, PAUSED, moved(3)]


async def test_a_full_backlog_tells_exactly_how_many_are_lost_and_goes_on():
    backlog = Backlog("s")
    for _ in range(MOST_EVENTS):
        backlog.put(PAUSED)
    backlog.put(RESUMED)
    assert await taken(backlog) == [Lagged("s", MOST_EVENTS), RESUMED]
    backlog.put(PAUSED)
    assert await taken(backlog) == [PAUSED]


async def test_losses_add_up_until_they_are_told():
    backlog = Backlog("s")
    for _ in range(3 * MOST_EVENTS):
        backlog.put(PAUSED)
    found = await taken(backlog)
    assert found[0] == Lagged("s", 2 * MOST_EVENTS)
    assert len(found) - 1 + found[0].missed == 3 * MOST_EVENTS
