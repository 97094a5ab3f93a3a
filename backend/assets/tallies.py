"""What others think of an asset, as numbers that the database counts within the statement that lists the assets."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Avg, Count, OuterRef, Subquery
from django.db.models.functions import Coalesce

from backend.assets.models import Vote, VoteType


@dataclass(frozen=True, slots=True)
class Tally:
    """The votes of one type; `average` is that of the values of rates, None without any."""

    vote_type: VoteType
    total: int
    average: float | None = None


def vote_count(vote_type: VoteType) -> Any:
    """An expression: how many votes of this type an asset has."""
    return Coalesce(_of_asset(vote_type, Count("pk")), 0)


def average_rate() -> Any:
    """An expression: the mean of the values that an asset was given; null without any."""
    return _of_asset(VoteType.RATE, Avg("value"))


def _of_asset(vote_type: VoteType, aggregate: Any) -> Subquery:
    votes = Vote.objects.filter(asset=OuterRef("pk"), vote_type=vote_type).order_by()
    return Subquery(votes.values("asset").annotate(outcome=aggregate).values("outcome"))
