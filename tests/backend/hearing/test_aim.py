"""What counts as an aim."""

import pytest

from backend.errors import InvalidInput
from backend.hearing.aim import NOT_AIMED, Aim

NOTHING = {"heading": None, "width": None, "range_min": None, "range_max": None}


def test_numbers_and_their_text_count_and_nothing_stays_nothing():
    assert Aim.checked(**NOTHING) == NOT_AIMED
    assert Aim.checked(heading=-90, width="30", range_min=0, range_max=12.5) == Aim(
        heading=270, width=30, range_min=0, range_max=12.5
    )


@pytest.mark.parametrize(
    "wrong",
    [
        {"heading": float("nan")},
        {"heading": float("inf")},
        {"width": -1},
        {"width": 361},
        {"range_min": -0.1},
        {"range_max": float("inf")},
        {"range_max": "far"},
    ],
)
def test_what_is_no_aim_is_refused_with_its_field(wrong):
    with pytest.raises(InvalidInput) as refusal:
        Aim.checked(**{**NOTHING, **wrong})
    assert [refusal.value.field] == list(wrong)


def test_a_ring_is_not_inside_out():
    with pytest.raises(InvalidInput) as refusal:
        Aim.checked(heading=None, width=None, range_min=10, range_max=9)
    assert refusal.value.field == "range_max"
