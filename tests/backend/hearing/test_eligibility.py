import math
import time

import numpy as np
import pytest

from backend.geo.position import Position
from backend.hearing.assets import AssetFacts, AssetField
from backend.hearing.eligibility import Obstacle, obstacles
from backend.hearing.listener import Listener
from backend.hearing.tags import TagRule

HERE = Position(0, 0)
ENGLISH, FINNISH = 1, 2
RULE = TagRule({1: 1, 2: 2}, frozenset({1}), frozenset({1}))
HEARD = {"position": HERE, "duration_seconds": 5.0, "tag_ids": frozenset({1}), "language_id": ENGLISH}
LISTENER = {"position": HERE, "language_id": ENGLISH}


def obstacle(*, listener=(), rule=RULE, **facts):
    field = AssetField.of([AssetFacts(id=9, **{**HEARD, **facts})])
    return Obstacle(int(obstacles(field, Listener(**{**LISTENER, **dict(listener)}), rule, radius_metres=10)[0]))


def test_nothing_stands_in_the_way_of_a_fit_asset():
    assert obstacle() == 0


@pytest.mark.parametrize(
    ("facts", "reason"),
    [
        ({"is_submitted": False}, Obstacle.NOT_SUBMITTED),
        ({"duration_seconds": None}, Obstacle.NOT_PLAYABLE),
        ({"is_audio": False}, Obstacle.NOT_PLAYABLE),
        ({"language_id": FINNISH}, Obstacle.OTHER_LANGUAGE),
        ({"tag_ids": frozenset({2})}, Obstacle.OTHER_TAGS),
        ({"tag_ids": frozenset()}, Obstacle.OTHER_TAGS),
        ({"position": Position(1, 1)}, Obstacle.NOT_NEAR),
        ({"listener": {"blocked_asset_ids": frozenset({9})}}, Obstacle.BLOCKED),
        ({"is_submitted": False, "language_id": FINNISH}, Obstacle.NOT_SUBMITTED | Obstacle.OTHER_LANGUAGE),
    ],
)
def test_every_obstacle_has_its_name(facts, reason):
    assert obstacle(**facts) == reason


def test_an_asset_without_a_language_is_heard_by_all():
    assert obstacle(language_id=None) == 0
    assert obstacle(language_id=None, listener={"language_id": FINNISH}) == 0


def test_a_listener_without_a_language_hears_all():
    assert obstacle(listener={"language_id": None}) == 0


def test_without_active_listen_groups_tags_do_not_matter():
    assert obstacle(rule=TagRule(), tag_ids=frozenset()) == 0


def test_two_thousand_assets_are_answered_as_one_by_one():
    rng = np.random.default_rng(1)
    facts = [
        AssetFacts(
            id=number,
            position=Position(*rng.uniform(-1, 1, 2)),
            duration_seconds=5.0,
            tag_ids=frozenset(rng.integers(1, 41, 3).tolist()),
        )
        for number in range(1, 2001)
    ]
    rule = TagRule(dict.fromkeys(range(1, 41), 1), frozenset({1}))
    listener = Listener(position=HERE, tag_ids=frozenset({1, 2, 3}), range_max=50_000)

    answers = obstacles(AssetField.of(facts), listener, rule, radius_metres=None)

    def is_heard(asset):
        metres = math.hypot(asset.position.latitude * 110_574, asset.position.longitude * 111_320)
        return metres <= 50_000 and bool(asset.tag_ids & {1, 2, 3})

    assert (answers == 0).tolist() == [is_heard(asset) for asset in facts]


def test_two_thousand_assets_are_answered_quickly():
    field = AssetField.of(AssetFacts(id=number, position=HERE, duration_seconds=5.0) for number in range(2000))

    started = time.process_time()
    for _ in range(20):
        obstacles(field, Listener(position=HERE), TagRule(), radius_metres=5)

    assert (time.process_time() - started) / 20 < 0.02
