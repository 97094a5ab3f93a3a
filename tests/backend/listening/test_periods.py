"""Listen events of a period that a word names."""

from datetime import UTC, datetime
from typing import Any

import pytest

from backend.errors import InvalidInput
from backend.listening.models import ListenEvent
from backend.listening.periods import heard_in
from tests.cast import Cast, Walk, make_session

NOW = datetime(2026, 11, 22, 15, 30, tzinfo=UTC)
STARTS = [
    *("2025-12-31", "2026-01-01", "2026-10-31", "2026-11-01"),
    *("2026-11-14", "2026-11-15", "2026-11-21", "2026-11-22"),
]


@pytest.fixture
def heard(walk: Walk, cast: Cast) -> None:
    visit = make_session(walk.project, cast.contributor)
    for start in STARTS:
        at = datetime.fromisoformat(f"{start}T00:00:00+00:00")
        ListenEvent.objects.create(session=visit, asset=walk.asset, started_at=at)


@pytest.mark.parametrize(
    ("period", "first", "count"),
    [("today", 7, 1), ("yesterday", 6, 1), ("week", 5, 3), ("month", 3, 5), ("year", 1, 7)],
)
def test_a_word_names_a_period(heard: None, period: str, first: int, count: int) -> None:
    found: Any = heard_in(ListenEvent.objects.all(), period, now=NOW).order_by("started_at")
    assert [f"{row.started_at:%Y-%m-%d}" for row in found] == STARTS[first : first + count]


def test_another_word_is_refused(db: None) -> None:
    with pytest.raises(InvalidInput) as refused:
        heard_in(ListenEvent.objects.all(), "decade", now=NOW, field="start_time__range")
    assert refused.value.field == "start_time__range"
