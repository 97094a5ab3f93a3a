"""A process keeps a line for every project that somebody follows, and for a while longer."""

import asyncio

import pytest

from backend import bus
from backend.bus.cursor import Cursor
from backend.ids import ProjectId
from realtime import hub
from realtime.hub import Hub

PROJECT = ProjectId(7)
HEAD = Cursor("0000000a", 3)


class HeldJournal:
    async def head(self, project_id):
        return HEAD


@pytest.fixture
async def source(monkeypatch):
    monkeypatch.setattr(hub.journal, "heads", lambda ids: dict.fromkeys(ids, HEAD))
    monkeypatch.setattr(hub, "KEEP_SECONDS", 60.0)
    made = Hub(bus.current(), HeldJournal())
    yield made
    made.close()


def unheard_for(line, seconds):
    line.unheard_since = asyncio.get_running_loop().time() - seconds


async def test_a_line_that_nobody_has_heard_for_long_is_let_go(source):
    line = await source.line(PROJECT)
    unheard_for(line, 59.0)
    await source.look()
    assert await source.line(PROJECT) is line
    unheard_for(line, 61.0)
    await source.look()
    assert await source.line(PROJECT) is not line


async def test_who_has_just_asked_for_a_line_finds_it_kept(source):
    unheard_for(await source.line(PROJECT), 61.0)
    line = await source.line(PROJECT)
    await source.look()
    assert await source.line(PROJECT) is line
