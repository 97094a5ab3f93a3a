"""Who mixes by the plan hears what the engine renders."""

from datetime import timedelta

import numpy as np
import pytest

from audio_engine.planner.grid import seconds_of, utc_of
from audio_engine.planner.mix_plan import HORIZON_GRANULES, TOLERANCE, mix_plan, points
from audio_engine.soundscape import GRANULE_FRAMES, SAMPLE_RATE, Range, SpeakerSource
from backend.bus.events import MixPoint
from backend.geo.position import Position
from tests.audio_engine.planner.mixing import Both, along, sounds
from tests.audio_engine.planner.scenery import (
    PROJECT,
    STREAM,
    FakeSources,
    asset,
    granules,
    session,
    soundscape,
    track,
    zone,
)

WEST, IN_THE_FADE, FAR_AWAY = Position(0.0, -0.5), Position(0.0, 0.005), Position(0.0, 40.0)
NAMES = ("speaker 1", "speaker 2", "another", "far", "asset 5", "asset 6", "asset 7")
# Fades that are longer than a tick, and shorter; a voice that walks from left to right.
WALKING = track(1, pan=Range(-1, 1), pan_seconds=Range(0.5, 2), volume=Range(0.5, 0.9), duration_seconds=Range(2, 4))
QUICK = track(2, fade_in_seconds=Range(0.03, 0.1), fade_out_seconds=Range(0.03, 0.1), duration_seconds=Range(2, 3))


def scape(**values):
    zones = [
        zone(1, attenuation_metres=1_000, max_volume=0.8),
        zone(2, polygons=((((-1.0, -1.0), (0.0, -1.0), (0.0, 1.0), (-1.0, 1.0)),),)),
    ]
    assets = [asset(number, duration_seconds=7.3, position=IN_THE_FADE) for number in (5, 6, 7)]
    return soundscape(
        zones=zones,
        assets=assets,
        **{"tracks": [WALKING, QUICK], "out_of_range_source": "far", "out_of_range_metres": 1_000.0, **values},
    )


def told(planned, **options):
    """The plan of a session as it is now."""
    options = {"delay_seconds": 2.5, "address": lambda key: f"/media/{key}", **options}
    return mix_plan(planned.sounding(), STREAM, PROJECT, **options)


@pytest.mark.parametrize("block", [8, 3, 50])
def test_a_client_hears_what_the_engine_renders(block):
    sources = sounds(*NAMES, stereo=("speaker 2", "asset 6"))
    planned = session(scape(), sources, position=IN_THE_FADE, granule=1_000)
    both = Both(planned, sources, granule=1_000, block=block)
    replaced = scape(speaker_sources=[SpeakerSource("another"), SpeakerSource("speaker 2")])
    steps = [
        lambda granule: planned.move(WEST, granule=granule),
        lambda granule: planned.skip(granule=granule),
        lambda granule: planned.move(Position(0.0, 0.002), granule=granule),
        lambda granule: planned.replace_soundscape(replaced, granule=granule),
        lambda granule: planned.pause(granule=granule),
        lambda granule: planned.resume(granule=granule),
        lambda granule: planned.move(FAR_AWAY, granule=granule),
        lambda granule: planned.move(IN_THE_FADE, granule=granule),
    ]
    for number, step in enumerate(steps, start=1):
        both.until(1_000 + 61 * number)
        step(both.now)
    both.until(1_600)

    rendered, mixed = both.rendered(), both.mixed()
    assert rendered.shape == mixed.shape
    voices = [plan.assets for plan in both.plans]
    assert {len(each) for each in voices} == {0, 1, 2}
    assert {speaker.url for plan in both.plans for speaker in plan.speakers} == {f"/media/{name}" for name in NAMES[:4]}
    assert np.abs(rendered - mixed).max() < 1e-3
    assert np.abs(rendered - mixed).mean() < 1e-4


def test_a_plan_tells_where_each_loop_is_by_the_wall_clock():
    sources = FakeSources()
    sources.seconds["speaker 1"] = 1.5
    plan = told(session(soundscape(zones=[zone(1)]), sources, granule=1_234))

    (speaker,) = plan.speakers
    assert (speaker.speaker_id, speaker.url, speaker.loop_seconds) == (1, "/media/speaker 1", 1.5)
    assert speaker.offset_seconds == pytest.approx(seconds_of(1_234) % 1.5)
    assert plan.begins_at == utc_of(1_234)
    assert plan.begins_at.timestamp() == pytest.approx(1_234 * GRANULE_FRAMES / SAMPLE_RATE, abs=1e-6)
    assert plan.until - plan.begins_at == pytest.approx(timedelta(seconds=30), abs=timedelta(seconds=0.02))


def test_a_glide_is_two_points_and_what_follows():
    (speaker,) = told(session(soundscape(zones=[zone(1)]))).speakers

    assert [point.value for point in speaker.gains] == [0.0, *[pytest.approx(1, abs=0.04)] * (len(speaker.gains) - 1)]
    assert len(speaker.gains) <= 4
    assert speaker.gains[-1].seconds == pytest.approx(seconds_of(HORIZON_GRANULES))


def test_a_playing_is_told_from_its_beginning_to_its_end():
    planned = session(soundscape(assets=[asset(5)], tracks=[track(3, volume=Range(0.5, 0.5))]))
    planned.plan(0, granules(1))
    (voice,) = told(planned).assets
    (started,) = (event for event in planned.take_events() if hasattr(event, "play_id"))

    assert (voice.play_id, voice.asset_id, voice.audiotrack_id) == (started.play_id, 5, 3)
    assert voice.offset_seconds == started.offset_seconds
    assert (voice.starts_at, voice.channels) == (utc_of(0), 1)
    assert voice.ends_at - voice.starts_at == pytest.approx(timedelta(seconds=4), abs=timedelta(seconds=0.03))
    assert voice.gains[0] == MixPoint(0.0, 0.5)
    assert voice.gains[-1].value == 0
    assert {point.value for point in voice.pans} == {0.0}


def test_far_from_all_speakers_the_sound_is_nobodys():
    plan = told(session(scape(), position=FAR_AWAY))

    assert [(each.speaker_id, each.url) for each in plan.speakers] == [(None, "/media/far")]
    assert plan.assets == ()


def test_what_is_silent_is_left_out():
    planned = session(soundscape(zones=[zone(1)]))
    planned.advance(0, 50)
    planned.move(WEST, granule=50)
    planned.advance(50, 50)

    assert told(planned).speakers == ()


def test_what_lasts_longer_than_a_plan_is_told_as_far_as_it_goes():
    endless = track(1, duration_seconds=Range(100, 100))
    sources = FakeSources()
    sources.seconds["asset 5"] = 100
    planned = session(soundscape(assets=[asset(5, duration_seconds=100.0)], tracks=[endless]), sources)
    planned.plan(0, 8)
    plan = told(planned)

    (voice,) = plan.assets
    assert voice.ends_at > plan.until
    assert voice.gains[-1] == MixPoint(pytest.approx(seconds_of(HORIZON_GRANULES), abs=1e-5), 1.0)


def test_points_are_few_and_close():
    grid = np.arange(1_149)
    bent = np.interp(grid, [0, 40, 600, 900], [0, 0.8, 0.8, 0.2]) * np.interp(grid, [100, 700], [1, 0])
    chosen = points(bent)

    assert len(chosen) < 40
    again = along(chosen, grid * GRANULE_FRAMES)
    assert np.abs(again - bent).max() < 2 * TOLERANCE
    assert points(np.array([0.25])) == (MixPoint(0.0, 0.25),)
    assert points(np.full(9, 0.25)) == (MixPoint(0.0, 0.25), MixPoint(pytest.approx(seconds_of(8), abs=1e-6), 0.25))
