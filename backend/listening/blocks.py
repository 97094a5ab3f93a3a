"""What somebody blocks, or does not block any more, their open streams hear of at once, by whatever door."""

from collections.abc import Iterable
from functools import partial
from typing import Any

from django.db.models import QuerySet
from django.db.models.functions import Coalesce
from django.db.models.signals import post_save, pre_delete, pre_save

from backend.assets.blocking import BLOCKING, blocked_asset_ids, has_blocked
from backend.assets.models import Asset, Vote, VoteType
from backend.bus import publish
from backend.bus.commands import BlockAssets
from backend.ids import AssetId, StreamId
from backend.listening.models import OPEN_STATES, Stream
from backend.listening.promises import promise
from backend.visits.models import Session


def connect() -> None:
    """Listen to Django's signals from now on; asked once, when the rooms are ready."""
    pre_save.connect(_before_change, sender=Vote, dispatch_uid="blocks")
    # Before it goes: afterwards its visit may be gone, too.
    for signal in (post_save, pre_delete):
        signal.connect(_on_vote, sender=Vote, dispatch_uid="blocks")
    post_save.connect(_on_asset, sender=Asset, dispatch_uid="blocks")


def blocked_here(visit: Session) -> tuple[AssetId, ...]:
    """All assets of the visited project that the visitor does not want to hear."""
    if not has_blocked(visit):
        return ()
    ids = blocked_asset_ids(visit).filter(project=visit.project_id).order_by("pk").values_list("pk", flat=True)
    return tuple(AssetId(key) for key in ids)


def _before_change(instance: Vote, **_: Any) -> None:
    """As it is stored it may be of another type, or somebody else's."""
    if instance.pk is not None:
        _promise_blocks(_visitors(Vote.objects.filter(pk=instance.pk, vote_type__in=BLOCKING)))


def _on_vote(instance: Vote, **_: Any) -> None:
    if instance.vote_type in BLOCKING:
        _promise_blocks(_visitors(Vote.objects.filter(pk=instance.pk)))


def _on_asset(instance: Asset, *, created: bool, **_: Any) -> None:
    """Somebody blocked its author before it was there."""
    if created:
        _promise_blocks(_visitors(_blocks_of_author(instance)))


def _blocks_of_author(asset: Asset) -> QuerySet[Vote]:
    author = asset.user_id or (asset.session and asset.session.user_id)
    if author is None:
        return Vote.objects.none()
    named = Vote.objects.filter(vote_type=VoteType.BLOCK_USER)
    return named.annotate(author=Coalesce("asset__user", "asset__session__user")).filter(author=author)


def _visitors(votes: QuerySet[Vote]) -> Iterable[int | None]:
    return votes.order_by().annotate(by=Coalesce("voter", "session__user")).values_list("by", flat=True).distinct()


def _promise_blocks(visitors: Iterable[int | None]) -> None:
    for visitor in visitors:
        if visitor is not None:
            promise((BlockAssets, visitor), partial(_tell_streams, visitor))


def _tell_streams(visitor: int) -> None:
    """Read when all is said and done: each of their streams is told everything that is blocked by now."""
    rows = Stream.objects.filter(session__user=visitor, state__in=OPEN_STATES).select_related("session")
    for stream in rows:
        publish(BlockAssets(StreamId(str(stream.pk)), blocked_here(stream.session)))
