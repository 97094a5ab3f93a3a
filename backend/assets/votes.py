"""What a visitor thinks of an asset; said a second time, it is taken back."""

from dataclasses import dataclass

from django.db import transaction

from backend.assets.models import Asset, Vote, VoteType
from backend.assets.queries import asset as find_asset
from backend.errors import InvalidInput
from backend.resources.cleaning import cleaned
from backend.resources.viewer import Viewer
from backend.visits.actions import EventDetails, note
from backend.visits.models import Session
from backend.visits.queries import own_session

# The column has 32 bits everywhere; SQLite would not mind more.
LEAST_VALUE, MOST_VALUE = -(2**31), 2**31 - 1


@dataclass(frozen=True, slots=True)
class Ballot:
    """What became of a vote: there is none any more when it was taken back."""

    asset: Asset
    vote: Vote | None


@transaction.atomic
def vote_asset(
    session_id: object, asset_id: object, vote_type: str, *, viewer: Viewer, value: int | None = None
) -> Ballot:
    """The visit's vote of this type on an asset of its project.

    A vote that is there already is given the new value; without a value it is taken back (reference 3.4).
    Raises NotFound, NotPermitted (to an owner of the project, in another's visit), InvalidInput.
    """
    visit, asset = own_session(session_id, viewer), find_asset(asset_id, viewer)
    if asset.project_id != visit.project_id:
        raise InvalidInput("This asset is not of the project that is visited.", field="asset_id")
    kind, value = _checked_type(vote_type), _checked_value(value)
    # Of two votes at once, one makes the row and the other finds it.
    Session.objects.select_for_update().get(pk=visit.pk)
    note(visit, "vote_asset", EventDetails(data=f"asset_id:{asset.pk},vote_type:{kind}"))
    vote = Vote.objects.filter(session=visit, asset=asset, vote_type=kind).first()
    if vote is not None and value is None:
        vote.delete()
        return Ballot(asset, None)
    vote = vote or Vote(session=visit, asset=asset, vote_type=kind)
    vote.voter_id, vote.value = viewer.id, value
    cleaned(vote).save()
    return Ballot(asset, vote)


def _checked_type(vote_type: str) -> VoteType:
    try:
        return VoteType(vote_type)
    except ValueError:
        raise InvalidInput(f"vote_type must be one of {', '.join(VoteType)}.", field="vote_type") from None


def _checked_value(value: int | None) -> int | None:
    if value is not None and not LEAST_VALUE <= value <= MOST_VALUE:
        raise InvalidInput("value must be a number of 32 bits.", field="value")
    return value
