"""The benchmark's walk is one that a planner has something to do on."""

from random import Random

from backend.geo.earth import metres_between
from backend.hearing.listener import Listener
from backend.hearing.walking import AssetsOnTheWay, SpeakersOnTheWay
from bench.planner import RADIUS_METRES, TOWN_METRES, place, steps, town, walk


def test_the_walk_stays_in_town_and_meets_assets_and_speakers():
    scape, positions = town(2_000), list(steps(Random(1)))
    assets = AssetsOnTheWay(scape.assets, radius_metres=RADIUS_METRES)
    speakers = SpeakersOnTheWay(scape.speakers, out_of_range_metres=scape.out_of_range_metres)
    seen = [len(assets.seen_by(Listener(position=position)).near) for position in positions]
    heard = [speakers.heard_by(Listener(position=position)) for position in positions]

    assert max(metres_between(place(0, 0), position) for position in positions) < 1.5 * TOWN_METRES
    assert 0.5 < sum(seen) / len(seen) < 5
    assert all(each.is_in_range for each in heard)
    assert len({round(each.gains.sum(), 2) for each in heard}) > 20


def test_a_walk_is_measured():
    assert 0 < walk(town(50), seed=1) < 10
