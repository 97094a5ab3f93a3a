"""What editors do to a speaker is heard within two seconds by those who listen already."""

import pytest

from audio_engine.soundscape import TICK_GRANULES, SpeakerSource
from backend.bus.commands import OpenStream
from backend.bus.events import GainsChanged
from tests.audio_engine.engine_room import INSIDE, PROJECT, EngineRoom, record
from tests.audio_engine.planner.scenery import granules, soundscape, zone

# INSIDE is in the east half of a square degree, 55 km from its edge.
WEST = ((((0.0, -0.5), (0.4, -0.5), (0.4, 0.5), (0.0, 0.5), (0.0, -0.5)),),)
FEW_TICKS = granules(2.0) // TICK_GRANULES


class Listening(EngineRoom):
    """One listener, who has heard the project for a while."""

    async def begin_with(self, *zones, **values):
        self.reads.soundscapes[PROJECT] = soundscape(zones=zones, **values)
        await self.take(OpenStream("s1"))
        return self.gains_after(10)

    async def edit(self, *zones, **values):
        """As editors do it: the row is changed, and the project said to have been."""
        self.reads.soundscapes[PROJECT] = soundscape(zones=zones, **values)
        self.control.refresh(PROJECT)
        await self.settle()
        return self.gains_after(FEW_TICKS)

    def gains_after(self, ticks):
        """What sounds at the end of so many ticks, and how loud."""
        (session,) = self.control.sessions
        for _ in range(ticks):
            voices = session.planned.plan(session.rendered_to, TICK_GRANULES)
            session.rendered_to += TICK_GRANULES
        return {voice.source: float(voice.gains[-1, 0]) for voice in voices if voice.gains[-1].any()}


@pytest.fixture
def room():
    return Listening(record(position=INSIDE))


async def test_a_speaker_that_is_switched_off_falls_silent_and_sounds_again(room):
    # The catalog reads those alone that are active.
    assert await room.begin_with(zone(1), zone(2)) == {"speaker 1": 1.0, "speaker 2": 1.0}
    assert await room.edit(zone(2)) == {"speaker 2": 1.0}
    assert await room.edit(zone(1), zone(2)) == {"speaker 1": 1.0, "speaker 2": 1.0}
    assert [len(event.gains) for event in room.emitted_of(GainsChanged)] == [2, 1, 2]


async def test_a_speaker_that_is_moved_away_falls_silent(room):
    assert await room.begin_with(zone(1), zone(2)) == {"speaker 1": 1.0, "speaker 2": 1.0}
    assert await room.edit(zone(1, polygons=WEST), zone(2)) == {"speaker 2": 1.0}


async def test_a_speaker_that_is_moved_here_is_heard(room):
    assert await room.begin_with(zone(1, polygons=WEST)) == {}
    assert await room.edit(zone(1)) == {"speaker 1": 1.0}


async def test_a_new_volume_and_a_new_fade_are_heard(room):
    await room.begin_with(zone(1))
    assert await room.edit(zone(1, max_volume=0.5)) == {"speaker 1": 0.5}
    (level,) = (await room.edit(zone(1, max_volume=0.5, attenuation_metres=100_000))).values()
    assert 0.2 < level < 0.3


async def test_a_new_sound_is_heard_in_place_of_the_old(room):
    await room.begin_with(zone(1))
    assert await room.edit(zone(1), speaker_sources=[SpeakerSource("another")]) == {"another": 1.0}
