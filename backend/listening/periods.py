"""Listen events of a period that a word names."""

from datetime import datetime, timedelta

from django.db.models import QuerySet
from django.utils import timezone

from backend.errors import InvalidInput
from backend.listening.models import ListenEvent

PERIODS = ("today", "yesterday", "week", "month", "year")


def heard_in(
    rows: QuerySet[ListenEvent], period: str, *, now: datetime | None = None, field: str = "period"
) -> QuerySet[ListenEvent]:
    """Those that began today, yesterday, within the last seven days, or this month or year, in UTC.

    Raises InvalidInput for another word.
    """
    today = (timezone.now() if now is None else now).replace(hour=0, minute=0, second=0, microsecond=0)
    starts = {
        "today": today,
        "yesterday": today - timedelta(days=1),
        "week": today - timedelta(days=7),
        "month": today.replace(day=1),
        "year": today.replace(month=1, day=1),
    }
    if period not in starts:
        raise InvalidInput(f"Must be one of {', '.join(PERIODS)}.", field=field)
    end = today if period == "yesterday" else today + timedelta(days=1)
    return rows.filter(started_at__gte=starts[period], started_at__lt=end)
