import pytest

from backend.hearing.tags import TagRule

GENDER, AGE, QUESTION = 1, 2, 3
CATEGORIES = {1: GENDER, 2: GENDER, 3: AGE, 4: AGE, 5: QUESTION, 6: QUESTION}
EVERY_GROUP = TagRule(CATEGORIES, frozenset({GENDER, AGE, QUESTION}), frozenset({1, 2, 3}))


def sets(*alternatives):
    return {frozenset(tags) for tags in alternatives}


def test_tags_of_one_category_are_alternatives_and_categories_add_up():
    assert set(EVERY_GROUP.listener_demands([1, 2, 3, 6])) == sets({1, 2}, {3}, {6})


def test_no_tags_are_the_default_ones():
    assert set(EVERY_GROUP.listener_demands([])) == sets({1, 2}, {3})


def test_categories_without_an_active_listen_group_demand_nothing():
    rule = TagRule(CATEGORIES, frozenset({AGE}), frozenset({3}))

    assert set(rule.listener_demands([1, 3])) == sets({3})
    assert rule.listener_demands([1, 5]) == ()


def test_without_active_listen_groups_nothing_is_demanded():
    assert TagRule(CATEGORIES).listener_demands([]) == ()
    assert TagRule(CATEGORIES).listener_demands([1, 2, 3]) == ()


@pytest.mark.parametrize("unknown", [[99], [0], [-1]])
def test_unknown_tags_demand_nothing(unknown):
    assert EVERY_GROUP.listener_demands(unknown) == ()


def test_a_tracks_demands_heed_no_listen_group():
    assert set(TagRule(CATEGORIES).demands([1, 2, 5])) == sets({1, 2}, {5})
