"""A control with everything around it held in hand: records and soundscapes by hand, sessions on fake sources."""

import asyncio
from datetime import timedelta

from audio_engine.catalog import StreamRecord
from audio_engine.control import Control
from audio_engine.delivery.broadcast import Broadcast
from audio_engine.delivery.framing import FRAMINGS
from audio_engine.encoding.formats import Format
from audio_engine.revival import planned_session
from audio_engine.session import LiveSession
from backend.geo.position import Position
from tests.audio_engine.planner.scenery import EPOCH, FakeSources, asset, soundscape, track, wall_clock, zone

PROJECT = 7
INSIDE, OUTSIDE = Position(0.0, 0.5), Position(0.0, 1.5)


def record(stream_id="s1", **values):
    fields = {
        "stream_id": stream_id,
        "number": 12,
        "key": "secret",
        "project_id": PROJECT,
        "is_paused": False,
        "paused_seconds": 0.0,
        "is_out_of_range": False,
        "opened_at": EPOCH,
        "format": Format.MP3,
        "bitrate_kbps": 128,
        "seed": 1,
        "language_id": None,
        "is_geo": True,
        "position": INSIDE,
        "positioned_at": None,
        "heading": None,
        "width": None,
        "range_min": None,
        "range_max": None,
        "tag_ids": (),
        "blocked_asset_ids": (),
        "plays": (),
    }
    return StreamRecord(**{**fields, **values})


def plain_soundscape():
    """One speaker that fades nowhere, one track, one asset where the listener stands."""
    return soundscape(zones=[zone(1)], assets=[asset(5)], tracks=[track(1)], out_of_range_metres=1_000_000)


class FakeReads:
    """A database of two dictionaries; while `gate` is closed its answers wait."""

    def __init__(self, *records):
        self.records = {one.stream_id: one for one in records}
        self.soundscapes = {PROJECT: plain_soundscape()}
        self.gate = asyncio.Event()
        self.gate.set()
        self.unseen = []
        self.asked = []

    async def stream_by_id(self, stream_id):
        self.asked.append(stream_id)
        await self.gate.wait()
        return self.records.get(stream_id)

    async def stream_by_number(self, number):
        self.asked.append(number)
        await self.gate.wait()
        return next((one for one in self.records.values() if one.number == number), None)

    async def soundscape(self, project_id):
        self.asked.append(project_id)
        return self.soundscapes.get(project_id)

    async def unseen_stream_ids(self, seconds):
        self.asked.append(seconds)
        return self.unseen


class EngineRoom:
    """A control, what it emitted, and the time, which stands still."""

    def __init__(self, *records, sources=None, broadcast=None):
        self.reads = FakeReads(*records)
        self.sources = sources or FakeSources()
        self.now = 100.0
        self.emitted = []
        self.broadcast = broadcast
        self.control = Control(
            self.reads,
            begin=self.begin,
            emit=self.emitted.append,
            now=lambda: self.now,
            wall_now=lambda: EPOCH + timedelta(seconds=self.now),
            idle_seconds=200,
        )

    def begin(self, row, scape):
        planned = planned_session(row, scape, self.sources, granule=0, wall_clock=wall_clock)
        return LiveSession(
            stream_id=row.stream_id,
            number=row.number,
            key=row.key,
            project_id=row.project_id,
            bitrate_kbps=row.bitrate_kbps,
            planned=planned,
            broadcast=Broadcast(bitrate_kbps=row.bitrate_kbps, now=lambda: self.now, framing=FRAMINGS[row.format]),
            rendered_to=0,
            last_command_at=self.now,
        )

    async def take(self, *commands):
        """Give the commands and let everything that they started come to its end."""
        for command in commands:
            self.control.take(command)
        await self.settle()

    async def settle(self):
        for _ in range(20):
            await asyncio.sleep(0)

    def emitted_of(self, kind):
        self.control.publish_events()
        return [event for event in self.emitted if isinstance(event, kind)]
