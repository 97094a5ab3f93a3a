"""Recordings as hearing knows them."""

import pytest

from backend.assets.hearing import FACT_COLUMNS, asset_facts, tag_rule, tags_by_asset
from backend.assets.models import Asset
from backend.geo.position import Position
from backend.tagging.models import UIGroup
from tests.cast import INSIDE, make_asset, square


def test_facts_are_those_of_the_rows_in_their_order(walk):
    photo = make_asset(walk.project, media_type="photo", latitude=None, longitude=None, shape=square(), submitted=False)
    sound, picture = asset_facts([walk.asset, photo], tags_by_asset(walk.project.pk))
    assert (sound.id, sound.position, sound.shape) == (walk.asset.pk, Position(**INSIDE), None)
    assert (sound.tag_ids, sound.is_audio, sound.is_submitted) == ({walk.tags[0].pk}, True, True)
    assert (picture.position, picture.tag_ids, picture.is_audio, picture.is_submitted) == (None, set(), False, False)
    assert picture.shape == square().coords


def test_the_named_columns_are_all_that_is_read(walk, django_assert_num_queries):
    with django_assert_num_queries(1):
        asset_facts(Asset.objects.only(*FACT_COLUMNS), {})


def test_the_rule_knows_the_tags_of_listening(walk):
    sea, stone = walk.tags
    rule = tag_rule(walk.project.pk)
    assert rule.category_of == {sea.pk: sea.category_id, stone.pk: stone.category_id}
    assert rule.listener_demands([]) == (frozenset({sea.pk, stone.pk}),)


@pytest.mark.parametrize("change", [{"is_active": False}, {"ui_mode": "speak"}])
def test_without_a_group_for_listening_nothing_is_narrowed(walk, change):
    UIGroup.objects.update(**change)
    assert tag_rule(walk.project.pk).listener_demands([walk.tags[0].pk]) == ()
