"""A cache that never holds more than it may."""

from schema.recent import Recent


def test_what_was_not_used_for_longest_goes_first():
    recent = Recent(10)
    for key in "abc":
        recent.keep(key, key.upper(), weight=3)
    assert recent.get("a") == "A"
    recent.keep("d", "D", weight=3)
    assert [recent.get(key) for key in "abcd"] == ["A", None, "C", "D"]


def test_a_heavy_one_lets_many_go_and_one_too_heavy_is_not_kept():
    recent = Recent(10)
    for key in "abc":
        recent.keep(key, key, weight=3)
    recent.keep("d", "d", weight=9)
    assert [recent.get(key) for key in "abcd"] == [None, None, None, "d"]
    recent.keep("e", "e", weight=11)
    assert recent.get("e") is None


def test_one_that_is_kept_again_weighs_once():
    recent = Recent(10)
    for _ in range(5):
        recent.keep("a", "a", weight=4)
    recent.keep("b", "b", weight=4)
    assert [recent.get(key) for key in "ab"] == ["a", "b"]


def test_all_can_be_forgotten():
    recent = Recent(10)
    recent.keep("a", "a", weight=10)
    recent.forget()
    assert recent.get("a") is None
    recent.keep("b", "b", weight=10)
    assert recent.get("b") == "b"
