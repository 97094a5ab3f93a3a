import numpy as np
import pytest

from backend.geo.position import Position
from backend.hearing.assets import AssetFacts, AssetField

SQUARE = ((((-1.0, -1.0), (1.0, -1.0), (1.0, 1.0), (-1.0, 1.0), (-1.0, -1.0)),),)


def test_assets_stand_in_the_order_of_their_ids():
    field = AssetField.of([AssetFacts(id=7, weight=70), AssetFacts(id=3, weight=30)])

    assert field.ids.tolist() == [3, 7]
    assert field.weights.tolist() == [30, 70]
    assert field.index_of(7) == 1
    assert field.index_of(5) is None
    assert field.index_of(8) is None


def test_an_asset_carries_one_tag_of_every_demand():
    """The example of the reference's 4.6: A = 1, 3, 5 and B = 2, 4, 5."""
    field = AssetField.of(
        [AssetFacts(id=1, tag_ids=frozenset({1, 3, 5})), AssetFacts(id=2, tag_ids=frozenset({2, 4, 5}))]
    )

    def met(*demands):
        return field.meet(frozenset(tags) for tags in demands).tolist()

    assert met({1}, {4}, {5}) == [False, False]
    assert met({1, 2}, {3, 4}) == [True, True]
    assert met({1, 2}, {3, 4}, {6}) == [False, False]
    assert met({1}) == [True, False]
    assert met() == [True, True]


@pytest.mark.parametrize(
    ("facts", "region"),
    [
        ({"duration_seconds": 8.0}, (0, 8)),
        ({"duration_seconds": 8.0, "start_seconds": 2.0, "end_seconds": 5.0}, (2, 5)),
        ({"duration_seconds": 8.0, "start_seconds": 2.0, "end_seconds": 11.0}, (2, 8)),
        ({"duration_seconds": 8.0, "start_seconds": 9.0}, (9, 9)),
        ({"duration_seconds": None, "end_seconds": 5.0}, (0, 0)),
    ],
)
def test_the_active_region_lies_within_the_sound(facts, region):
    field = AssetField.of([AssetFacts(id=1, **facts)])

    assert (field.start_seconds[0], field.end_seconds[0]) == region
    assert field.is_playable[0] == (region[1] > region[0])


def test_only_audio_is_playable():
    assert AssetField.of([AssetFacts(id=1, duration_seconds=5, is_audio=False)]).is_playable.tolist() == [False]


def test_the_shapes_are_those_of_the_assets_that_have_one():
    field = AssetField.of([AssetFacts(id=1), AssetFacts(id=2, shape=SQUARE), AssetFacts(id=3, shape=())])

    assert field.has_shape.tolist() == [False, True, False]
    assert field.shapes.metres_inside(Position(0, 1)) == pytest.approx([0], abs=1e-3)


def test_a_project_without_assets_has_empty_answers():
    field = AssetField.of([])

    assert len(field.ids) == 0
    assert field.index_of(1) is None
    assert field.meet([frozenset({1})]).tolist() == []
    assert field.shapes.metres_inside(Position(0, 0)).tolist() == []


def test_an_asset_without_a_position_is_no_place():
    assert np.isnan(AssetField.of([AssetFacts(id=1)]).places).all()


def test_an_asset_tells_its_tags_in_order_and_an_unknown_one_has_none():
    field = AssetField.of([AssetFacts(id=1, tag_ids=frozenset({9, 2})), AssetFacts(id=2, tag_ids=frozenset({4}))])

    assert [field.tags_of(number) for number in (1, 2, 3)] == [[2, 9], [4], []]
