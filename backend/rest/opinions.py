"""What visitors tell: what happened to them, and what they think of an asset."""

from typing import Any

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from backend.assets.resources import VOTE
from backend.assets.tallies import countable_votes, tallies
from backend.assets.votes import vote_asset
from backend.rest.derive.fields import Body, IdField, IdsField, TextField
from backend.rest.derive.filters import filtered
from backend.rest.derive.views import Collection, Derived, ReadOnly
from backend.rest.representations import VOTES, told_tallies
from backend.visits.actions import EventDetails, log_event
from backend.visits.models import Event


class _EventBody(Body):
    """What happened during a visit."""

    session_id = IdField()
    event_type = TextField()
    client_time = TextField(required=False)
    latitude = TextField(required=False)
    longitude = TextField(required=False)
    tag_ids = IdsField(required=False)
    other_names = {"session_id": ("session",), "tag_ids": ("tags",)}


# A serializer has a `data` of its own, which the field leaves as it is.
EventBody = type("EventBody", (_EventBody,), {"data": TextField(required=False)})


class Events(Collection):
    """What was noted during visits, and something new."""

    body_class = EventBody

    def create(self) -> Event:
        """Notes it."""
        said = self.said()
        session_id, event_type = said.pop("session_id"), said.pop("event_type")
        said["tag_ids"] = ",".join(map(str, said.pop("tag_ids", None) or ()))
        details = EventDetails(**{name: value or None for name, value in said.items()})
        return log_event(session_id, event_type, viewer=self.viewer, details=details)


class OpinionBody(Body):
    """Whose opinion it is, and the mark that somebody gives."""

    session_id = IdField()
    value = serializers.IntegerField(required=False)
    other_names = {"session_id": ("session",), "type": ("vote_type",), "vote_type": ("type",), "asset_id": ("asset",)}


class BallotBody(OpinionBody):
    """What somebody thinks of an asset."""

    vote_type = TextField()


def _voted(view: Derived, session_id: int, asset_id: object, vote_type: str, value: int | None = None) -> Response:
    """The vote; nulls for one that was said again without a value, and so taken back."""
    ballot = vote_asset(session_id, asset_id, vote_type, viewer=view.viewer, value=value)
    taken_back = dict.fromkeys(("value", "type", "voter", "session", "asset"))
    return Response(taken_back if ballot.vote is None else view.one(ballot.vote.pk))


class AssetVotes(Derived):
    """The votes on one asset, counted, and a new one."""

    body_class = BallotBody
    shown = VOTES

    def get(self, request: Request, pk: str) -> Response:
        """How many of each type."""
        votes = countable_votes(self.viewer).filter(asset=int(pk))
        return Response(told_tallies(tallies(votes).get(int(pk), [])))

    def post(self, request: Request, pk: str) -> Response:
        """The vote."""
        return _voted(self, asset_id=pk, **self.said())


class VoteBody(OpinionBody):
    """What somebody thinks of an asset that is named here."""

    asset_id = IdField()
    type = TextField(source="vote_type")


class Votes(Collection):
    """One's own votes, and a new one."""

    body_class = VoteBody

    def post(self, request: Request, **ids: str) -> Response:
        """The vote."""
        return _voted(self, **self.said())


class VoteSummary(ReadOnly):
    """The votes on each asset, counted."""

    def get(self, request: Request, **ids: str) -> Response:
        """An entry an asset: all its types, or what there is of the one that was asked for."""
        is_of_one = any(name in self.query for name in ("session_id", "voter_id"))
        votes = VOTE.rows(self.viewer) if is_of_one else countable_votes(self.viewer)
        found = tallies(filtered(VOTES, votes, self.query, self.viewer))
        kind = self.query.text("type")
        summaries = ((asset_id, told_tallies(tallied)) for asset_id, tallied in sorted(found.items()))
        return Response([{"asset_id": asset_id, "asset_votes": _summary(kind, told)} for asset_id, told in summaries])


def _summary(kind: str | None, told: list[dict[str, Any]]) -> Any:
    if kind is None:
        return told
    (only,) = told
    return {"average": only.get("avg"), "count": only["total"]} if kind == "rate" else only["total"]
