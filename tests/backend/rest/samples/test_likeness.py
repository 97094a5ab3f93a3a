"""What the samples would not let pass."""

from typing import Any

import pytest

from tests.backend.rest.samples import Sample, named
from tests.backend.rest.samples.likeness import differences, unsaid

SAMPLE = {"id": 1, "file": "http://a/b.wav", "created": "2012-07-24T18:06:40", "tag_ids": [8, 3], "on": True, "x": None}
LIKE = {"id": 7, "file": "http://c/", "created": "2026-01-02T03:04:05.678900", "tag_ids": [1], "on": False, "x": "y"}


def test_an_answer_of_the_same_keys_and_types_is_like_its_sample() -> None:
    assert differences(SAMPLE, LIKE) == []
    assert differences([SAMPLE], [LIKE, LIKE]) == []
    assert differences({"volume": 1}, {"volume": 0.5}) == []


UNLIKE: list[dict[str, Any]] = [
    {"id": None},
    {"id": 1.5},
    {"id": "1"},
    {"id": True},
    {"file": None},
    {"file": "/rwmedia/b.wav"},
    {"created": "2012-07-24T18:06:40Z"},
    {"created": "2012-07-24T18:06:40+00:00"},
    {"tag_ids": []},
    {"tag_ids": "8,3"},
    {"tag_ids": [1, None]},
    {"on": 1},
    {"secret": 1},
]


@pytest.mark.parametrize("other", UNLIKE)
def test_another_type_is_told(other: dict[str, Any]) -> None:
    assert len(differences(SAMPLE, LIKE | other)) == 1
    assert len(differences([SAMPLE], [LIKE, LIKE | other])) == 1


def test_a_missing_key_and_another_geometry_are_told() -> None:
    assert differences({"a": None}, {}) == ["answer: lacks ['a']"]
    line, lines = ({"type": kind, "coordinates": [[1, 2]]} for kind in ("LineString", "MultiLineString"))
    assert differences(line, lines) == ["answer: a MultiLineString, not a LineString"]
    assert differences([1], []) == ["answer: is empty"]


SAID = [
    ("3,4,", [4, 3]),
    ([3, 4], [{"id": 3}, {"id": 4}]),
    ("true", True),
    ("1.50", 1.5),
    ("2026-01-02T03:04:05.678Z", "2026-01-02T03:04:05.678000"),
    ([3, 4], "3,4"),
    ('{"type": "Point"}', {"type": "Point"}),
    ("", None),
]


@pytest.mark.parametrize(("sent", "shown"), SAID)
def test_what_was_sent_is_found_in_what_is_shown(sent: Any, shown: Any) -> None:
    assert unsaid({"a": sent}, {"a": "b"}, {"b": shown}) == []


@pytest.mark.parametrize(("sent", "shown"), [("3,4", [3]), ("true", False), (1.5, 1), ("a", "b"), ("a", ""), (1, 2)])
def test_what_was_sent_and_is_not_shown_is_told(sent: Any, shown: Any) -> None:
    assert len(unsaid({"a": sent}, {}, {"a": shown})) == 1
    assert len(unsaid({"a": sent}, {}, {})) == 1
    assert unsaid({"a": sent}, {"a": None}, {}) == []


def test_rulings_stand_for_what_the_document_prints() -> None:
    sample = Sample(
        resource="tags",
        call="GET tags/",
        source="document",
        who="contributor",
        outsider="stranger",
        status=200,
        again=None,
        answer={"tags": [{"project": 1, "old": 2, "file": None}]},
        rulings={
            "answer": {"within": "tags"},
            "project": {"key": "project_id"},
            "old": {"gone": True},
            "file": {"value": "http://a"},
        },
        more={"answer": {"user": None}},
    )
    assert sample.expected == [{"project_id": 1, "file": "http://a", "user": None}]


def test_names_become_ids() -> None:
    ids = {"tag": 7, "other": 8}
    assert named({"a": "{tag}", "b": "{tag},{other}", "c": ["{other}"], "d": None}, ids) == {
        "a": 7,
        "b": "7,8",
        "c": [8],
        "d": None,
    }
