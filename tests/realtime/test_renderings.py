"""Those who come back together are told a past that was rendered once."""

import asyncio
from datetime import UTC, datetime

import pytest

from backend.bus.cursor import Cursor
from backend.bus.events import StreamPaused
from backend.ids import ProjectId, StreamId
from backend.resources.viewer import Caller
from realtime import renderings as of
from realtime.happening import Happening
from realtime.renderings import Renderings
from realtime.showing import Shown


def shown(number, viewer=1, serial=0):
    event = StreamPaused(StreamId("s"), ProjectId(1))
    happening = Happening(event, Cursor("0000000a", number), datetime(2026, 11, 22, tzinfo=UTC), serial)
    return Shown(happening, Caller(viewer, is_staff=False))


class Rendered:
    """Renders when the test lets it."""

    def __init__(self):
        self.made, self.may_go_on = [], asyncio.Event()

    async def __call__(self, one):
        await self.may_go_on.wait()
        self.made.append(one.happening.cursor.sequence)
        return len(self.made)


def renderings(*, personal=False):
    render = Rendered()
    return render, Renderings(render, lambda happening: personal)


async def test_whoever_comes_while_it_is_rendered_waits_for_the_same():
    render, past = renderings()
    asked = [asyncio.create_task(past.payload(shown(7, viewer, serial=viewer))) for viewer in range(3)]
    await asyncio.sleep(0)
    asked[0].cancel()
    render.may_go_on.set()
    assert await asyncio.gather(*asked[1:]) == [1, 1]
    assert render.made == [7]


async def test_what_is_personal_is_rendered_for_each():
    render, past = renderings(personal=True)
    render.may_go_on.set()
    assert [await past.payload(shown(7, viewer)) for viewer in (1, 2, 1)] == [1, 2, 1]


@pytest.mark.parametrize(("name", "value"), [("FRESH_SECONDS", -1.0), ("MOST_KEPT", 0)])
async def test_what_is_old_or_too_much_is_rendered_again(monkeypatch, name, value):
    monkeypatch.setattr(of, name, value)
    render, past = renderings()
    render.may_go_on.set()
    assert [await past.payload(shown(7)) for _ in range(2)] == [1, 2]


async def test_what_is_forgotten_is_rendered_again():
    render, past = renderings()
    render.may_go_on.set()
    await past.payload(shown(7))
    past.forget()
    assert await past.payload(shown(7)) == 2
