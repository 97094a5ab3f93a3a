"""What old clients write for a value, in JSON, in forms and in query strings."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from django.http import QueryDict
from rest_framework.serializers import ValidationError

from backend.rest.derive.fields import (
    Body,
    FlagField,
    IdField,
    IdsField,
    MomentField,
    NumberField,
    ShapeField,
    TextField,
    TextIdsField,
)
from backend.rest.derive.parameters import Parameters

NOON = datetime(2026, 1, 2, 12, 0, tzinfo=UTC)


class Everything(Body):
    """A field of each kind."""

    id = IdField(required=False)
    ids = IdsField(required=False)
    text = TextField(required=False)
    flag = FlagField(required=False)
    number = NumberField(required=False)
    nullable = NumberField(required=False, allow_null=True)
    moment = MomentField(required=False)
    shape = ShapeField(required=False)
    text_loc_ids = TextIdsField(required=False)
    other_names = {"number": ("listen_number", "n"), "text_loc_ids": ("text_loc", "loc_text")}


def said(sent: Any, **context: Any) -> dict[str, Any]:
    body = Everything(data=sent, context=context)
    body.is_valid(raise_exception=True)
    return dict(body.validated_data)


@pytest.mark.parametrize("nothing", ["", "  ", "undefined", "null", "None", None])
@pytest.mark.parametrize("name", ["id", "flag", "number", "moment", "shape"])
def test_what_old_clients_write_for_nothing_is_nothing(name: str, nothing: str | None) -> None:
    assert said({name: nothing}) == {}


def test_nothing_clears_what_may_be_empty() -> None:
    assert said({"nullable": None, "text": "", "ids": ""}) == {"nullable": None, "text": "", "ids": []}


@pytest.mark.parametrize("text", ["None", "null", " a "])
def test_a_text_is_kept_as_it_came(text: str) -> None:
    assert said({"text": text}) == {"text": text}


def test_a_number_is_text_too() -> None:
    assert said({"text": 123}) == {"text": "123"}


def test_of_several_names_the_first_that_says_something_counts() -> None:
    assert said({"number": "undefined", "listen_number": "10", "n": 20}) == {"number": 10}


@pytest.mark.parametrize("sent", ["NaN", "inf", "-Infinity", "1e999", "one", True, [1], {}, 10**400])
def test_what_is_no_finite_number_is_refused(sent: Any) -> None:
    with pytest.raises(ValidationError, match="number"):
        said({"number": sent})


@pytest.mark.parametrize("sent", ["1.5", 1.5, "one", True, "9" * 19, 2**63, -(2**63) - 1, [1], "1,2"])
def test_what_no_row_can_have_as_its_number_is_refused(sent: Any) -> None:
    with pytest.raises(ValidationError):
        said({"id": sent})


@pytest.mark.parametrize("sent", [5, "5", "5,", " 5 "])
def test_an_id_comes_with_a_comma_too(sent: Any) -> None:
    assert said({"id": sent}) == {"id": 5}


IDS: list[tuple[Any, list[int]]] = [
    ("3,4", [3, 4]),
    ("3", [3]),
    (3, [3]),
    ([3, "4"], [3, 4]),
    (["3,", "4,"], [3, 4]),
    (" 3 , 4,", [3, 4]),
    ("3,3", [3]),
    ("", []),
    ([], []),
    (",", []),
]


@pytest.mark.parametrize(("sent", "ids"), IDS)
def test_ids_come_in_many_forms(sent: Any, ids: list[int]) -> None:
    assert said({"ids": sent}) == {"ids": ids}


@pytest.mark.parametrize("sent", ["undefined", None, ["undefined"]])
def test_no_ids_are_none(sent: Any) -> None:
    assert said({"ids": sent}) == {}


def test_ids_come_as_repeated_keys() -> None:
    assert said(QueryDict("ids=3,&ids=4,")) == {"ids": [3, 4]}


@pytest.mark.parametrize(("word", "is_true"), [("true", True), ("True", True), (1, True), (False, False), ("0", False)])
def test_flags_come_in_many_words(word: Any, is_true: bool) -> None:
    assert said({"flag": word}) == {"flag": is_true}


@pytest.mark.parametrize("sent", ["maybe", "2", [], {}])
def test_other_words_are_no_flags(sent: Any) -> None:
    with pytest.raises(ValidationError, match="valid boolean"):
        said({"flag": sent})


@pytest.mark.parametrize(
    "sent",
    [
        "2026-01-02T12:00:00Z",
        "2026-01-02T14:00:00+02:00",
        "2026-01-02T14:00:00 02:00",
        "2026-01-02T12:00:00",
        "2026-01-02 12:00:00",
        "2026-01-02T12:00:00.000000Z",
    ],
)
def test_times_without_a_zone_are_utc(sent: str) -> None:
    assert said({"moment": sent}) == {"moment": NOON}


def test_times_without_a_zone_are_in_the_zone_of_the_visit() -> None:
    def in_new_york() -> timezone:
        return timezone(timedelta(hours=-5))

    assert said({"moment": "2026-01-02T07:00:00"}, zone=in_new_york) == {"moment": NOON}
    query = Parameters(QueryDict("at=2026-01-02T07:00:00&z=2026-01-02T12:00:00Z"), zone=in_new_york)
    assert (query.moment("at"), query.moment("z")) == (NOON, NOON)


@pytest.mark.parametrize("sent", ["tomorrow", 3, "0001-01-01T00:00:00+14:00", {}])
def test_what_is_no_time_is_refused(sent: Any) -> None:
    with pytest.raises(ValidationError):
        said({"moment": sent})


POINT = {"type": "Point", "coordinates": [1, 2]}


@pytest.mark.parametrize("sent", [POINT, '{"type": "Point", "coordinates": [1, 2]}'])
def test_a_shape_is_an_object_or_its_text(sent: Any) -> None:
    assert said({"shape": sent}) == {"shape": POINT}


def test_a_shape_comes_in_the_parts_of_a_form() -> None:
    assert said(QueryDict("shape.type=Point")) == {"shape": {"type": "Point"}}


@pytest.mark.parametrize(
    ("sent", "texts"),
    [
        ({"text_loc": "what was read"}, {}),
        ({"text_loc": "2023"}, {}),
        ({"loc_text": [5, 6]}, {"text_loc_ids": [5, 6]}),
        ({"text_loc_ids": "5,6"}, {"text_loc_ids": [5, 6]}),
        ({"text_loc_ids": [], "text_loc": "what was read"}, {"text_loc_ids": []}),
    ],
)
def test_a_text_that_was_read_is_not_taken_for_its_ids(sent: Any, texts: dict[str, Any]) -> None:
    assert said(sent) == texts


def test_of_a_query_an_empty_value_is_none_and_the_last_of_several_counts() -> None:
    query = Parameters(QueryDict("a=&b=1&b=2&c=no"), zone=lambda: UTC)
    assert (query.text("a"), query.id("a"), query.id("b"), query.flag("c")) == (None, None, 2, False)
    assert "a" in query
    assert "d" not in query


def test_a_refused_value_of_a_query_is_told_by_its_name() -> None:
    with pytest.raises(ValidationError) as refused:
        Parameters(QueryDict("project_id=one"), zone=lambda: UTC).ids("project", "project_id")
    assert list(refused.value.detail) == ["project_id"]
