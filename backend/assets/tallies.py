"""What others think of an asset, as numbers that the database counts."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Avg, Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from backend.assets.models import Asset, Vote, VoteType
from backend.assets.resources import ASSET
from backend.resources.viewer import Viewer


@dataclass(frozen=True, slots=True)
class Tally:
    """The votes of one type; `average` is that of the values of rates, None without any."""

    vote_type: VoteType
    total: int
    average: float | None = None


def countable_votes(viewer: Viewer) -> QuerySet[Vote]:
    """All votes on what the viewer may see: to be counted, and never shown, for each is its voter's own."""
    return Vote.objects.filter(asset__in=ASSET.rows(viewer).order_by().values("pk"))


def of_projects(votes: QuerySet[Vote], project_ids: Iterable[int]) -> QuerySet[Vote]:
    """Those on assets of these projects. (Not by the visits that they were given in, which few may see.)"""
    return votes.filter(asset__in=Asset.objects.filter(project__in=list(project_ids)).values("pk"))


def tallies(votes: QuerySet[Vote]) -> dict[int, list[Tally]]:
    """What these votes say of each asset that has any, by its id, in one statement; the fewest of a type come first."""
    by_type = votes.order_by().values("asset_id", "vote_type")
    counted = by_type.annotate(total=Count("pk"), average=Avg("value", filter=Q(vote_type=VoteType.RATE)))
    of_asset = defaultdict(list)
    for row in counted.order_by("total", "vote_type"):
        of_asset[row["asset_id"]].append(Tally(VoteType(row["vote_type"]), row["total"], row["average"]))
    return dict(of_asset)


def vote_count(vote_type: VoteType) -> Any:
    """An expression: how many votes of this type an asset has."""
    return Coalesce(_of_asset(vote_type, Count("pk")), 0)


def average_rate() -> Any:
    """An expression: the mean of the values that an asset was given; null without any."""
    return _of_asset(VoteType.RATE, Avg("value"))


def _of_asset(vote_type: VoteType, aggregate: Any) -> Subquery:
    votes = Vote.objects.filter(asset=OuterRef("pk"), vote_type=vote_type).order_by()
    return Subquery(votes.values("asset").annotate(outcome=aggregate).values("outcome"))
