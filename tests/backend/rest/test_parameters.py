"""What clients send, read by name."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.http import QueryDict

from backend.errors import InvalidInput
from backend.rest.parameters import Parameters


@pytest.mark.parametrize("nothing", ["", "  ", "undefined", "null", "None", None])
def test_what_old_clients_write_for_nothing_is_nothing(nothing: str | None) -> None:
    sent = Parameters({"a": nothing})
    assert [sent.text("a"), sent.number("a"), sent.id("a"), sent.flag("a"), sent.moment("a")] == [None] * 5
    assert sent.text("a", "b") is None


def test_of_several_names_the_first_that_says_something_counts() -> None:
    sent = Parameters({"listener_width": "undefined", "listen_width": "10", "width": "20"})
    assert sent.number("listener_width", "listen_width", "width") == 10.0


def test_of_repeated_keys_the_last_counts() -> None:
    assert Parameters(QueryDict("a=1&a=2")).text("a") == "2"


def test_a_number_is_text_too() -> None:
    assert Parameters({"device_id": 123}).text("device_id") == "123"


@pytest.mark.parametrize("sent", ["NaN", "inf", "-Infinity", "1e999", "one", True, [1], {}, 10**400])
def test_what_is_no_finite_number_is_refused(sent: Any) -> None:
    with pytest.raises(InvalidInput) as refused:
        Parameters({"latitude": sent}).number("latitude")
    assert refused.value.field == "latitude"


@pytest.mark.parametrize("sent", ["1.5", 1.5, "one", True, "9" * 19, 2**63, -(2**63) - 1, [1], "1,2"])
def test_what_no_row_can_have_as_its_number_is_refused(sent: Any) -> None:
    with pytest.raises(InvalidInput):
        Parameters({"id": sent}).id("id")


@pytest.mark.parametrize(
    ("sent", "ids"),
    [
        ("3,4", (3, 4)),
        ("3", (3,)),
        (3, (3,)),
        ([3, "4"], (3, 4)),
        (["3,", "4,"], (3, 4)),
        (" 3 , 4,", (3, 4)),
        ("3,3", (3,)),
        ("", ()),
        ([], ()),
        (",", ()),
        ("undefined", None),
        (None, None),
    ],
)
def test_ids_come_in_many_forms(sent: Any, ids: tuple[int, ...] | None) -> None:
    assert Parameters({"tag_ids": sent}).ids("tags", "tag_ids") == ids


def test_ids_come_as_repeated_keys() -> None:
    assert Parameters(QueryDict("tag_ids=3,&tag_ids=4,")).ids("tag_ids") == (3, 4)


@pytest.mark.parametrize(("word", "is_true"), [("true", True), ("True", True), (1, True), (False, False), ("0", False)])
def test_flags_come_in_many_words(word: Any, is_true: bool) -> None:
    assert Parameters({"a": word}).flag("a") is is_true


@pytest.mark.parametrize(
    "sent",
    [
        "2026-01-02T03:04:05Z",
        "2026-01-02T05:04:05+02:00",
        "2026-01-02T05:04:05 02:00",
        "2026-01-02T03:04:05",
        "2026-01-02 03:04:05",
        "2026-01-02T03:04:05.000000Z",
    ],
)
def test_times_without_a_zone_are_utc(sent: str) -> None:
    assert Parameters({"at": sent}).moment("at") == datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
