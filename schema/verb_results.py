"""What the verbs give back when they did what was asked."""

from typing import Any

import strawberry

from backend.accounts.resources import TOKEN
from backend.assets.resources import ASSET, ENVELOPE, VOTE
from backend.resources.resource import Resource
from backend.visits.resources import EVENT, SESSION
from schema import types
from schema.context import Info
from schema.derive.arguments import After, Before, LastSize, Offset, Size
from schema.derive.fetch import fetch_one, fetch_page
from schema.derive.pages import Window
from schema.fields import field
from schema.payloads import Success
from schema.results import AccountSuccess


def _row(resource: Resource[Any], key: object, info: Info) -> Any:
    """The row as the viewer may see it, with what is selected of it."""
    return fetch_one(resource.rows(info.context.viewer).filter(pk=key), info._raw_info)


@strawberry.type(description="The password is right.")
class LoginSuccess(AccountSuccess):
    """Of login."""


@strawberry.type(description="The token opens nothing any more.")
class RevokeTokenSuccess(Success):
    token_key: strawberry.Private[int]

    @field("The token as it is now.", types.Token)
    def token(self, info: Info) -> Any:
        return _row(TOKEN, self.token_key, info)


@strawberry.type(description="The vote counts, or was taken back.")
class VoteAssetSuccess(Success):
    asset_key: strawberry.Private[int]
    vote_key: strawberry.Private[int | None]

    @field("The vote; null when it was taken back.", types.Vote | None)
    def vote(self, info: Info) -> Any:
        return None if self.vote_key is None else _row(VOTE, self.vote_key, info)

    @field("The asset that it is about.", types.Asset)
    def asset(self, info: Info) -> Any:
        return _row(ASSET, self.asset_key, info)

    @field("Whether there was such a vote, which was taken back.")
    def was_removed(self) -> bool:
        return self.vote_key is None


@strawberry.type(description="It is decided who hears the assets.")
class ModerateAssetsSuccess(Success):
    asset_keys: strawberry.Private[tuple[int, ...]]

    @field("The assets as they are now.", types.Asset.connection)
    def assets(
        self,
        info: Info,
        *,
        first: Size = None,
        last: LastSize = None,
        after: After = None,
        before: Before = None,
        offset: Offset = None,
    ) -> Any:
        rows = ASSET.rows(info.context.viewer).filter(pk__in=self.asset_keys)
        return fetch_page(rows, info._raw_info, Window(first, last, after, before, offset))


@strawberry.type(description="The event is noted.")
class LogEventSuccess(Success):
    event_key: strawberry.Private[int]

    @field("The event as it was noted.", types.Event)
    def event(self, info: Info) -> Any:
        return _row(EVENT, self.event_key, info)


@strawberry.type(description="The asset is one of the envelope's.")
class AddAssetToEnvelopeSuccess(Success):
    envelope_key: strawberry.Private[int]
    asset_key: strawberry.Private[int]

    @field("The envelope with what was handed in.", types.Envelope)
    def envelope(self, info: Info) -> Any:
        return _row(ENVELOPE, self.envelope_key, info)

    @field("The asset that joined it.", types.Asset)
    def asset(self, info: Info) -> Any:
        return _row(ASSET, self.asset_key, info)


@strawberry.type(description="The visit has ended, and its stream with it.")
class EndSessionSuccess(Success):
    session_key: strawberry.Private[int]

    @field("The visit that has ended.", types.Session)
    def session(self, info: Info) -> Any:
        return _row(SESSION, self.session_key, info)
