"""A project made by hand, sources that are there at once, and a take of what a session plays."""

from collections import defaultdict
from datetime import UTC, datetime, timedelta

import numpy as np

from audio_engine.planner.session import PlannedSession
from audio_engine.soundscape import (
    GRANULE_FRAMES,
    SAMPLE_RATE,
    Range,
    Soundscape,
    SourceState,
    SpeakerSource,
    Track,
)
from backend.bus.events import AssetEnded, AssetStarted
from backend.geo.position import Position
from backend.hearing.assets import AssetFacts, AssetField
from backend.hearing.listener import Listener
from backend.hearing.speakers import SpeakerField, SpeakerZone

HERE = Position(0.0, 0.5)
EPOCH = datetime(2026, 1, 1, tzinfo=UTC)
STREAM = "3f0e"
PROJECT = 7
# From 0 to 1 degree east: HERE is 55 km inside.
SQUARE = ((((0.0, -0.5), (1.0, -0.5), (1.0, 0.5), (0.0, 0.5), (0.0, -0.5)),),)
# Without chance: 4 s of sound, 1 s of silence, fades of half a second.
PLAIN = {
    "duration_seconds": Range(4, 4),
    "dead_air_seconds": Range(1, 1),
    "fade_in_seconds": Range(0.5, 0.5),
    "fade_out_seconds": Range(0.5, 0.5),
}


def granules(seconds):
    return round(seconds * SAMPLE_RATE / GRANULE_FRAMES)


def wall_clock(granule):
    return EPOCH + timedelta(seconds=granule * GRANULE_FRAMES / SAMPLE_RATE)


def granule_of(moment):
    return granules((moment - EPOCH).total_seconds())


class FakeSources:
    """Twenty seconds of silence each, mono for assets and stereo for speakers, ready unless said otherwise."""

    def __init__(self, *, pending=(), broken=()):
        self.states = {**dict.fromkeys(pending, SourceState.PENDING), **dict.fromkeys(broken, SourceState.BROKEN)}
        self.seconds = {}
        self.stereo = set()
        self.asked = []

    def state(self, key):
        self.asked.append(key)
        return self.states.get(key, SourceState.READY)

    def pcm(self, key):
        if self.states.get(key, SourceState.READY) is not SourceState.READY:
            return None
        channels = 2 if key in self.stereo else 1
        return np.zeros((round(self.seconds.get(key, 20) * SAMPLE_RATE), channels), dtype=np.int16)


def track(number=1, **values):
    return Track(id=number, **{**PLAIN, **values})


def asset(number, **values):
    return AssetFacts(id=number, **{"position": HERE, "duration_seconds": 20.0, **values})


def zone(number, **values):
    return SpeakerZone(
        **{"id": number, "min_volume": 0.0, "max_volume": 1.0, "attenuation_metres": 0, "polygons": SQUARE, **values}
    )


# Is nowhere heard, but everywhere in range: of a project without any speaker nowhere is.
SILENT = SpeakerZone(id=99, min_volume=0.0, max_volume=0.0, attenuation_metres=0, polygons=SQUARE)


def soundscape(*, zones=(SILENT,), assets=(), tracks=(), **values):
    """Speaker 3 plays "speaker 3" or, when that is broken, "backup 3"; asset 5 is "asset 5". All is in range."""
    field = AssetField.of(assets)
    values.setdefault("speaker_sources", [SpeakerSource(f"speaker {one.id}", f"backup {one.id}") for one in zones])
    return Soundscape(
        project_id=PROJECT,
        speakers=SpeakerField.of(zones),
        assets=field,
        asset_sources=[f"asset {number}" for number in field.ids],
        tracks=tracks,
        **{"recording_radius_metres": 1000, "out_of_range_metres": 1e9, **values},
    )


def session(scape, sources=None, *, seed=1, granule=0, **listener):
    return PlannedSession(
        scape,
        sources or FakeSources(),
        stream_id=STREAM,
        listener=Listener(**{"position": HERE, **listener}),
        seed=seed,
        granule=granule,
        wall_clock=wall_clock,
    )


class Take:
    """Plans a session from its first granule on and keeps all of it.

    Refuses what a renderer may rely on: voices that step where blocks meet, or that begin or end above silence.
    """

    def __init__(self, planned, *, block=8, granule=0):
        self.session = planned
        self.block = block
        self.now = granule
        self.events = planned.take_events()
        self.gains = defaultdict(lambda: np.zeros((granules(700), 2), dtype=np.float32))
        self.offsets = {}
        self._last = {}

    def until(self, granule):
        while self.now < granule:
            length = min(self.block, granule - self.now)
            self._keep(self.session.plan(self.now, length), length)
            self.now += length
            self.events += self.session.take_events()
        return self

    def seconds(self, seconds):
        return self.until(self.now + granules(seconds))

    def _keep(self, voices, length):
        last = {}
        for voice in voices:
            assert voice.gains.shape == (length + 1, 2)
            assert voice.gains.dtype == np.float32
            assert voice.gains.flags.c_contiguous
            start = voice.offset - (0 if voice.is_looped else self.now * GRANULE_FRAMES)
            name = (voice.source, None if voice.is_looped else start)
            np.testing.assert_allclose(voice.gains[0], self._last.pop(name, (0, 0)), atol=1e-6)
            last[name] = voice.gains[-1].copy()
            self.gains[voice.source][self.now + 1 : self.now + length + 1] += voice.gains[1:]
            self.offsets[self.now, voice.source] = voice.offset
        for gains in self._last.values():
            np.testing.assert_allclose(gains, 0, atol=1e-6)
        self._last = last

    def level(self, source, seconds):
        return tuple(float(gain) for gain in self.gains[source][granules(seconds)])

    def of(self, kind):
        return [event for event in self.events if isinstance(event, kind)]

    def started(self):
        return [event.asset_id for event in self.of(AssetStarted)]

    def ended(self):
        return [event.asset_id for event in self.of(AssetEnded)]
