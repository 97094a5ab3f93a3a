"""What lies near a place."""

import random

import pytest

from audio_engine import catalog
from backend.assets.near import NearRequest, assets_near
from backend.errors import NotFound
from backend.geo.earth import metres_between
from backend.geo.position import Position
from backend.hearing.aim import Aim
from backend.hearing.listener import Listener
from backend.hearing.nearness import near
from backend.resources.viewer import ANONYMOUS
from tests.cast import LATITUDE, LONGITUDE, make_asset, make_project, square

HERE = Position(LATITUDE, LONGITUDE)
METRES_NORTH = 1 / 111_400
METRES_EAST = 1 / 55_700


def north(metres):
    return {"latitude": LATITUDE + metres * METRES_NORTH, "longitude": LONGITUDE}


def east(metres):
    return {"latitude": LATITUDE, "longitude": LONGITUDE + metres * METRES_EAST}


def ids(walk, viewer=ANONYMOUS, **request):
    found = assets_near(walk.project.pk, viewer, NearRequest(**{"position": HERE, **request}))
    return [each.asset_id for each in found]


def test_within_the_projects_radius_the_nearest_comes_first_with_its_way(walk):
    twenty, ten = (make_asset(walk.project, **place) for place in (north(20), east(10)))
    make_asset(walk.project, **north(60))
    make_asset(make_project(name="Another"))
    found = assets_near(walk.project.pk, ANONYMOUS, NearRequest(position=HERE))
    assert [each.asset_id for each in found] == [walk.asset.pk, ten.pk, twenty.pk]
    assert [each.metres for each in found] == pytest.approx([0, 10, 20], abs=0.1)
    assert found[1].bearing == pytest.approx(90, abs=0.01)
    assert found[2].metres == metres_between(HERE, Position(**north(20)))


def test_a_range_and_a_beam_choose_as_they_do_for_a_listener(walk):
    ahead, aside = make_asset(walk.project, **north(200)), make_asset(walk.project, **east(300))
    assert ids(walk, aim=Aim(range_max=500)) == [walk.asset.pk, ahead.pk, aside.pk]
    assert ids(walk, aim=Aim(range_min=100, range_max=500)) == [ahead.pk, aside.pk]
    assert ids(walk, aim=Aim(heading=350, width=30, range_min=1)) == [ahead.pk]


def test_a_shape_of_its_own_counts_also_without_a_position(walk):
    shaped = make_asset(walk.project, latitude=None, longitude=None, shape=square())
    away = make_asset(walk.project, shape=square(latitude=61))
    found = assets_near(walk.project.pk, ANONYMOUS, NearRequest(position=HERE))
    assert [(each.asset_id, each.metres, each.bearing) for each in found[1:]] == [(shaped.pk, None, None)]
    assert away.pk not in ids(walk)


def test_pictures_are_near_too_and_only_so_many_come(walk):
    photo = make_asset(walk.project, media_type="photo", **north(5))
    make_asset(walk.project, **north(6))
    assert ids(walk, most=2) == [walk.asset.pk, photo.pk]
    assert ids(walk, most=0) == []


def test_tags_narrow_as_they_do_for_a_listener(walk):
    stone = make_asset(walk.project, **north(5))
    stone.tags.set([walk.tags[1]])
    bare = make_asset(walk.project, **north(6))
    assert ids(walk) == [walk.asset.pk, stone.pk, bare.pk]
    assert ids(walk, tag_ids=(walk.tags[1].pk,)) == [stone.pk]
    assert ids(walk, tag_ids=()) == [walk.asset.pk, stone.pk]
    assert ids(walk, tag_ids=(10**12,)) == [walk.asset.pk, stone.pk, bare.pk]


def test_only_what_the_viewer_may_see_is_near(walk, cast):
    hidden = make_asset(walk.project, submitted=False, user=cast.contributor)
    assert ids(walk, cast.stranger) == ids(walk) == [walk.asset.pk]
    for viewer in (cast.contributor, cast.owner, cast.curator):
        assert ids(walk, viewer) == [walk.asset.pk, hidden.pk]


def test_an_unknown_project_is_not_found(db):
    with pytest.raises(NotFound):
        assets_near(10**9, ANONYMOUS, NearRequest(position=HERE))


def test_its_cost_does_not_grow_with_the_rows(walk, django_assert_num_queries):
    for _ in range(5):
        make_asset(walk.project)
    with django_assert_num_queries(2):
        ids(walk)
    with django_assert_num_queries(6):
        ids(walk, tag_ids=())


def test_what_lies_across_the_date_line_is_near(walk):
    west = make_asset(walk.project, latitude=0, longitude=-179.9999)
    past = make_asset(walk.project, latitude=None, longitude=None, shape=square(0, 180, metres=400))
    for longitude in (179.9999, -179.9999):
        assert ids(walk, position=Position(0, longitude)) == [west.pk, past.pk]
    assert ids(walk, position=Position(0, 179.9999), aim=Aim(range_max=100)) == [west.pk]


@pytest.mark.parametrize("latitude", [90, 89.9999, -90])
def test_what_lies_at_a_pole_is_near_from_all_sides(walk, latitude):
    pole = make_asset(walk.project, latitude=latitude, longitude=0)
    assert ids(walk, position=Position(latitude, 180)) == [pole.pk]


def test_a_range_may_be_as_wide_as_the_world(walk):
    far = make_asset(walk.project, latitude=-60, longitude=-155)
    for reach in (4_000_000, 5_000_001, 2.1e7, 1e308):
        assert (far.pk in ids(walk, aim=Aim(range_max=reach))) is (reach > 1e7)
    assert ids(walk, aim=Aim(heading=0, width=360)) == [walk.asset.pk, far.pk]


def test_the_engine_finds_the_same(walk):
    draw = random.Random(7)
    for _ in range(40):
        place = {
            "latitude": LATITUDE + draw.uniform(-300, 300) * METRES_NORTH,
            "longitude": LONGITUDE + draw.uniform(-300, 300) * METRES_EAST,
        }
        shape = square(**place, metres=draw.uniform(20, 200)) if draw.random() < 0.2 else None
        make_asset(walk.project, shape=shape, **place).tags.set(draw.sample(walk.tags, draw.randint(0, 2)))
    soundscape = catalog.soundscape(walk.project.pk)
    for _ in range(50):
        aim = Aim(
            heading=draw.choice([None, draw.uniform(0, 360)]),
            width=draw.uniform(10, 180),
            range_min=draw.choice([None, 20.0]),
            range_max=draw.choice([None, draw.uniform(20, 400)]),
        )
        tag_ids = tuple(draw.sample([tag.pk for tag in walk.tags], draw.randint(0, 2)))
        listener = Listener(
            position=HERE, heading=aim.heading, width=aim.width, range_min=aim.range_min, range_max=aim.range_max
        )
        heard = near(soundscape.assets, listener, radius_metres=soundscape.recording_radius_metres)
        heard &= soundscape.assets.meet(soundscape.tag_rule.listener_demands(tag_ids))
        assert set(ids(walk, aim=aim, tag_ids=tag_ids)) == set(soundscape.assets.ids[heard].tolist())
