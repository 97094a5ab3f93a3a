"""What a visitor does not want to hear again, in this visit and in all others."""

from typing import Any

from django.db.models import Q, QuerySet
from django.db.models.functions import Coalesce

from backend.assets.models import Asset, Vote, VoteType
from backend.assets.resources import ASSET
from backend.resources.viewer import Viewer
from backend.visits.models import Session
from backend.visits.queries import own_session

BLOCKING = (VoteType.BLOCK_ASSET, VoteType.BLOCK_USER)


def blocked_assets(session_id: object, viewer: Viewer) -> QuerySet[Asset]:
    """The visitor's blocked assets of the project, as far as the viewer may see them.

    Raises NotFound, and NotPermitted to an owner of the project: whom somebody avoids is nobody else's business.
    """
    visit = own_session(session_id, viewer)
    return ASSET.rows(viewer).filter(project=visit.project_id, pk__in=blocked_asset_ids(visit))


def has_blocked(visit: Session) -> bool:
    """Whether the visitor has blocked anything at all; asked in a third of the time, and mostly the answer is no."""
    return _own_votes(visit).filter(vote_type__in=BLOCKING).exists()


def blocked_asset_ids(visit: Session) -> QuerySet[Any, Any]:
    """The ids of all that the visitor has blocked, as a subquery: single assets, and all of the authors blocked.

    An author is the asset's user, else whose visit it was left in; of one whom nobody knows the asset itself is blocked
    alone. Users count, not devices (reference 3.5): a device proves nothing.
    """
    own = _own_votes(visit)
    named = own.filter(vote_type__in=BLOCKING).values("asset")
    author = Coalesce("asset__user", "asset__session__user")
    # Without the null: `NOT IN` a list that holds one is never true.
    authors = own.filter(vote_type=VoteType.BLOCK_USER).annotate(author=author).exclude(author=None).values("author")
    of_authors = Q(user__in=authors) | Q(user=None, session__in=Session.objects.filter(user__in=authors).values("id"))
    return Asset.objects.filter(Q(pk__in=named) | of_authors).values("id")


def _own_votes(visit: Session) -> QuerySet[Vote]:
    if visit.user_id is None:
        return Vote.objects.none()
    return Vote.objects.filter(Q(voter=visit.user_id) | Q(voter=None, session__user=visit.user_id))
