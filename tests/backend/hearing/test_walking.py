"""Whoever walks hears what somebody hears who has always stood there."""

import math
from random import Random

import numpy as np
import pytest

from backend.geo.position import Position
from backend.hearing.assets import AssetFacts, AssetField
from backend.hearing.listener import Listener
from backend.hearing.nearness import LEAVING, Panorama, are_within, near
from backend.hearing.speakers import SpeakerField, SpeakerZone, is_in_range
from backend.hearing.walking import AssetsOnTheWay, SpeakersOnTheWay

MIDDLES = [Position(60.17, 24.94), Position(0.0, 179.999)]


def off(position, east, north):
    """A position so many metres away."""
    return Position(
        position.latitude + north / 111_320,
        position.longitude + east / (111_320 * math.cos(math.radians(position.latitude))),
    )


def somewhere(middle, random, metres=600):
    return off(middle, random.uniform(-metres, metres), random.uniform(-metres, metres))


def rounded(middle, metres):
    corners = [off(middle, metres * math.sin(angle), metres * math.cos(angle)) for angle in range(6)]
    ring = [(corner.longitude, corner.latitude) for corner in corners]
    return (((*ring, ring[0]),),)


def way(middle, random, *, steps=200):
    """On and on in steps of 0 to 30 m, and now and then elsewhere at once."""
    position = middle
    for step in range(steps):
        position = off(position, random.uniform(-20, 30), random.uniform(-20, 20))
        yield position
        if step % 50 == 49:
            position = somewhere(middle, random)


def assets_around(middle, random):
    facts = [AssetFacts(id=1), AssetFacts(id=2, shape=rounded(middle, 40))]
    for number in range(3, 400):
        place = somewhere(middle, random)
        shape = rounded(place, random.uniform(20, 200)) if number % 7 == 0 else None
        facts.append(AssetFacts(id=number, position=place, shape=shape))
    return AssetField.of(facts)


@pytest.mark.parametrize("middle", MIDDLES)
@pytest.mark.parametrize(
    "aim",
    [
        {},
        {"range_max": 120.0},
        {"range_min": 40.0, "range_max": 90.0},
        {"range_min": 40.0},
        {"heading": 350.0, "width": 60.0},
        {"heading": 20.0, "range_max": 200.0},
        {"is_geo": False},
    ],
)
def test_the_same_assets_are_near_on_the_way(middle, aim):
    # With another seed an asset may lie within 0.001 degrees of the edge of a beam, which is how right bearings are.
    random = Random(3)
    assets = assets_around(middle, random)
    walking = AssetsOnTheWay(assets, radius_metres=60)
    seen = 0
    for position in way(middle, random):
        listener = Listener(position=position, **aim)
        found = walking.seen_by(listener)
        seen += len(found.near)

        assert found.near.tolist() == np.flatnonzero(near(assets, listener, radius_metres=60)).tolist()
        if listener.is_geo:
            wide = are_within(Panorama(assets, position), listener, radius_metres=60, slack=LEAVING)
            assert found.kept.tolist() == np.flatnonzero(wide).tolist()
            assert set(found.near) <= set(found.kept)
    assert seen > 100


def test_an_aim_may_change_where_one_stands():
    assets = AssetField.of([AssetFacts(id=1, position=off(MIDDLES[0], 500, 0)), AssetFacts(id=2, position=MIDDLES[0])])
    walking = AssetsOnTheWay(assets, radius_metres=None)

    def near_now(**aim):
        return walking.seen_by(Listener(position=MIDDLES[0], **aim)).near.tolist()

    assert near_now() == [1]
    assert near_now(range_max=600) == [0, 1]
    assert near_now(heading=90, range_min=1) == [0]
    assert near_now() == [1]


def test_a_listener_without_a_position_sees_nothing():
    walking = AssetsOnTheWay(AssetField.of([AssetFacts(id=1, position=MIDDLES[0])]), radius_metres=1e9)

    assert walking.seen_by(Listener()).near.tolist() == []
    assert walking.seen_by(Listener()).kept.tolist() == []


@pytest.mark.parametrize("middle", MIDDLES)
@pytest.mark.parametrize("attenuation", [0, 30, 10_000])
def test_the_same_speakers_sound_on_the_way(middle, attenuation):
    random = Random(2)
    zones = [
        SpeakerZone(number, 0.1, 0.9, attenuation, rounded(somewhere(middle, random), random.uniform(50, 300)))
        for number in range(1, 12)
    ]
    field = SpeakerField.of([*zones, SpeakerZone(12, 0.0, 1.0, 0.0, ())])
    walking = SpeakersOnTheWay(field, out_of_range_metres=20)
    in_range = []
    for position in way(middle, random):
        heard = walking.heard_by(Listener(position=position))
        in_range.append(is_in_range(field, position, is_geo=True, out_of_range_metres=20))

        assert heard.gains == pytest.approx(field.gains(position, is_geo=True), abs=0.002)
        assert heard.is_in_range == in_range[-1]
    assert set(in_range) == {True, False}


@pytest.mark.parametrize("listener", [Listener(), Listener(position=Position(50, 50), is_geo=False)])
def test_without_a_place_the_speakers_are_as_for_everybody(listener):
    field = SpeakerField.of([SpeakerZone(1, 0.1, 0.9, 0, rounded(MIDDLES[0], 50))])
    heard = SpeakersOnTheWay(field, out_of_range_metres=0).heard_by(listener)

    assert heard.gains.tolist() == field.gains(listener.position, is_geo=listener.is_geo).tolist()
    assert heard.is_in_range


def test_without_speakers_nowhere_is_in_range():
    walking = SpeakersOnTheWay(SpeakerField.of([]), out_of_range_metres=1e9)

    assert not walking.heard_by(Listener(position=MIDDLES[0])).is_in_range
